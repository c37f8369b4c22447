namespace Dais.Server.Tests;

/// <summary>Waits for what nothing announces.</summary>
public static class Eventually
{
    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    public static async Task IsTrueAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
