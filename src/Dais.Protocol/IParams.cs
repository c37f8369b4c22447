using System.Text;

namespace Dais.Protocol;

/// <summary>The parameters of a method, which know their own rules.</summary>
public interface IParams
{
    /// <summary>The name of the first field whose value is not allowed, as written on the wire; null when all are.</summary>
    string? InvalidField();
}

/// <summary>The value rules of the contract; each gives null or the name of the field that breaks it.</summary>
internal static class Check
{
    /// <summary>The longest id, in characters.</summary>
    private const int IdLengthMax = 64;

    /// <summary>The longest room id, in characters.</summary>
    private const int RoomIdLengthMax = 48;

    /// <summary>The longest timeout, in seconds; a larger one is almost surely meant in milliseconds.</summary>
    private const int TimeoutSecondsMax = 1800;

    /// <summary>The largest attachment of a request, in bytes of UTF-8.</summary>
    private const int ExtraInfoBytesMax = 1024;

    /// <summary>The highest seat index any room can have; whether a room has it is for the room to say.</summary>
    private const int SeatIndexMax = 99;

    /// <summary>The longest session description, in characters.</summary>
    private const int SdpLengthMax = 64 * 1024;

    internal static string? RoomId(string value, string field = "roomId") => Id(value, RoomIdLengthMax) ? null : field;

    internal static string? UserId(string value, string field = "userId") => Id(value, IdLengthMax) ? null : field;

    /// <summary>A seat, or -1 for the lowest free one.</summary>
    internal static string? SeatIndexOrAny(int value) => value is >= -1 and <= SeatIndexMax ? null : "seatIndex";

    internal static string? SeatIndex(int value) => value is >= 0 and <= SeatIndexMax ? null : "seatIndex";

    internal static string? Timeout(int value) => value is >= 0 and <= TimeoutSecondsMax ? null : "timeout";

    internal static string? ExtraInfo(string? value) => Text(value, ExtraInfoBytesMax, "extraInfo");

    internal static string? Offer(string? value) => value is null or { Length: > 0 and <= SdpLengthMax } ? null : "offer";

    /// <summary>A page's size; 0 leaves it to the server.</summary>
    internal static string? Count(int value, int max) => value >= 0 && value <= max ? null : "count";

    internal static string? Cursor(string? value) => Text(value, 256, "cursor");

    internal static string? Text(string? value, int bytesMax, string field) =>
        value is null || Encoding.UTF8.GetByteCount(value) <= bytesMax ? null : field;

    private static bool Id(string value, int lengthMax)
    {
        if (value.Length == 0 || value.Length > lengthMax)
        {
            return false;
        }

        foreach (char character in value)
        {
            if (character is < ' ' or > '~')
            {
                return false;
            }
        }

        return true;
    }
}
