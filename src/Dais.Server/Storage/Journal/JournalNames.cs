using System.Globalization;

namespace Dais.Server.Storage.Journal;

/// <summary>Names of a journal's files. Numbers are padded so that a listing shows them in order.</summary>
internal static class JournalNames
{
    /// <summary>Ends the name of a file that is not finished; left over by a crash, and removed at the next start.</summary>
    public const string UnfinishedSuffix = ".tmp";

    private const string SegmentPrefix = "segment-";
    private const string CheckpointPrefix = "checkpoint-";

    /// <summary>The segment with a number; the first is 1.</summary>
    public static string Segment(long number) => SegmentPrefix + number.ToString("D10", CultureInfo.InvariantCulture);

    /// <summary>The checkpoint that stands for every segment before the one with this number.</summary>
    public static string Checkpoint(long number) => CheckpointPrefix + number.ToString("D10", CultureInfo.InvariantCulture);

    /// <summary>Reads the number of a segment's name.</summary>
    public static bool TryReadSegment(string name, out long number) => TryRead(name, SegmentPrefix, out number);

    /// <summary>Reads the number of a checkpoint's name.</summary>
    public static bool TryReadCheckpoint(string name, out long number) => TryRead(name, CheckpointPrefix, out number);

    private static bool TryRead(string name, string prefix, out long number)
    {
        number = 0;
        return name.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number > 0;
    }
}
