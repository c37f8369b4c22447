using System.Collections.Immutable;
using System.Text;

namespace Dais.Rooms;

/// <summary>The rules of a room's metadata.</summary>
internal static class RoomMetadata
{
    /// <summary>The values after a change: an empty one removes its key.</summary>
    internal static ImmutableSortedDictionary<string, string> Merge(
        ImmutableSortedDictionary<string, string> current, ImmutableSortedDictionary<string, string>? changes)
    {
        if (changes is null)
        {
            return current;
        }

        var merged = current.ToBuilder();
        foreach ((string key, string value) in changes)
        {
            if (value.Length == 0)
            {
                merged.Remove(key);
            }
            else
            {
                merged[key] = value;
            }
        }

        return merged.ToImmutable();
    }

    internal static RoomError? Check(ImmutableSortedDictionary<string, string> metadata, RoomLimits limits)
    {
        if (metadata.Count > limits.MetadataKeysMax)
        {
            return RoomError.TooManyMetadataKeys;
        }

        int total = 0;
        foreach ((string key, string value) in metadata)
        {
            int keyBytes = Encoding.UTF8.GetByteCount(key);
            int valueBytes = Encoding.UTF8.GetByteCount(value);
            total += keyBytes + valueBytes;
            if (keyBytes > limits.MetadataKeyBytesMax || valueBytes > limits.MetadataValueBytesMax)
            {
                return RoomError.MetadataTooLarge;
            }
        }

        return total > limits.MetadataBytesMax ? RoomError.MetadataTooLarge : null;
    }
}
