namespace Dais.Client.Live;

/// <summary>Whether someone is logged in.</summary>
public enum LoginStatus
{
    /// <summary>Nobody.</summary>
    Unlogin = 0,

    /// <summary>A user is.</summary>
    Logined = 1,
}

/// <summary>
/// The one user of a process, for facades that are created without a client. Programs with several users give each facade its
/// <see cref="DaisClient"/> instead.
/// </summary>
public sealed class LoginStore
{
    private DaisClient? _client;

    private LoginStore()
    {
    }

    /// <summary>The one store.</summary>
    public static LoginStore Shared { get; } = new();

    /// <summary>Whether someone is logged in.</summary>
    public ValueListenable<LoginStatus> LoginStatus { get; } = new(Live.LoginStatus.Unlogin);

    /// <summary>The connection of who is logged in; null while nobody is.</summary>
    public DaisClient? Client => _client;

    /// <summary>Logs in; who was logged in before is logged out.</summary>
    /// <param name="url">The server's web address.</param>
    /// <param name="userId">Who the user is.</param>
    /// <param name="userSig">The access token; in development mode anything will do.</param>
    /// <param name="userName">The name others see.</param>
    /// <param name="avatarUrl">The picture others see.</param>
    public async Task<CompletionHandler> Login(Uri url, string userId, string? userSig = null, string? userName = null, string? avatarUrl = null)
    {
        await Logout().ConfigureAwait(false);
        var client = new DaisClient(new DaisClientOptions
        {
            Url = url,
            UserId = userId,
            Token = userSig,
            UserName = userName,
            AvatarUrl = avatarUrl,
        });
        var result = await CompletionHandler.OfAsync(() => client.ConnectAsync()).ConfigureAwait(false);
        if (!result.IsSuccess)
        {
            await client.DisposeAsync().ConfigureAwait(false);
            return result;
        }

        _client = client;
        LoginStatus.Value = Live.LoginStatus.Logined;
        return result;
    }

    /// <summary>Logs out, and leaves every live.</summary>
    public async Task<CompletionHandler> Logout()
    {
        if (Interlocked.Exchange(ref _client, null) is { } client)
        {
            await client.DisposeAsync().ConfigureAwait(false);
            LoginStatus.Value = Live.LoginStatus.Unlogin;
        }

        return CompletionHandler.Success;
    }

    internal static DaisClient ClientOr(DaisClient? client) =>
        client ?? Shared.Client ?? throw new InvalidOperationException("Log in first (LoginStore.Shared.Login), or give a client.");
}
