namespace Dais.StormBench;

/// <summary>Quantiles of what was measured.</summary>
internal static class Quantiles
{
    /// <summary>The value that so large a part of <paramref name="values"/> is not above; sorts them.</summary>
    internal static double Of(double[] values, double quantile)
    {
        Array.Sort(values);
        return values.Length == 0 ? 0 : values[(int)Math.Min(values.Length - 1, quantile * values.Length)];
    }
}
