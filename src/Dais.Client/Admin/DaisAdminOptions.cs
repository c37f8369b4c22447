namespace Dais.Client.Admin;

/// <summary>Which server a backend speaks to, and by what right.</summary>
public sealed record DaisAdminOptions
{
    /// <summary>The server's web address, such as <c>https://live.example.org</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>The secret of one of the server's keys: tokens with the role <c>server</c> are made with it as they are needed.</summary>
    public string? Secret { get; init; }

    /// <summary>The name the server has for that key.</summary>
    public string KeyName { get; init; } = "main";

    /// <summary>Gives a token with the role <c>server</c>, for those who do not have a secret; asked before every call.</summary>
    public Func<CancellationToken, ValueTask<string>>? TokenAsync { get; init; }

    /// <summary>How long a call may take, each try by itself.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a call is tried that the server has no room for (503) or that comes too often (429).</summary>
    public int AttemptsMax { get; init; } = 3;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
