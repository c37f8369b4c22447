using Label = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Dais.Server.Observability;

/// <summary>Compares sets of labels, also one that is not an array yet: so a measurement of a known set allocates nothing.</summary>
internal sealed class LabelSets : IEqualityComparer<Label[]>, IAlternateEqualityComparer<ReadOnlySpan<Label>, Label[]>
{
    public static LabelSets Comparer { get; } = new();

    public bool Equals(Label[]? left, Label[]? right) => AreEqual(left, right);

    public int GetHashCode(Label[] labels) => GetHashCode((ReadOnlySpan<Label>)labels);

    public bool Equals(ReadOnlySpan<Label> alternate, Label[] other) => AreEqual(alternate, other);

    public int GetHashCode(ReadOnlySpan<Label> alternate)
    {
        var hash = default(HashCode);
        foreach (var label in alternate)
        {
            hash.Add(label.Key, StringComparer.Ordinal);
            hash.Add(label.Value);
        }

        return hash.ToHashCode();
    }

    public Label[] Create(ReadOnlySpan<Label> alternate) => alternate.ToArray();

    private static bool AreEqual(ReadOnlySpan<Label> left, ReadOnlySpan<Label> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (int i = 0; i < left.Length; i++)
        {
            if (left[i].Key != right[i].Key || !Equals(left[i].Value, right[i].Value))
            {
                return false;
            }
        }

        return true;
    }
}
