using System.Security.Cryptography;

namespace Dais.Server.Signaling;

/// <summary>Ids and secrets that nobody can guess.</summary>
public static class RandomIds
{
    /// <summary>The letters and digits ICE allows, less the two signs (RFC 8839 §5.4), and safe in every id.</summary>
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>An id of a session or a request: 95 bits.</summary>
    public static string Id() => RandomNumberGenerator.GetString(Alphabet, 16);

    /// <summary>A secret: 190 bits.</summary>
    public static string Secret() => RandomNumberGenerator.GetString(Alphabet, 32);

    /// <summary>An ICE user name fragment: at least 24 bits (RFC 8445 §5.3), here 47.</summary>
    public static string IceUsernameFragment() => RandomNumberGenerator.GetString(Alphabet, 8);

    /// <summary>An ICE password: at least 128 bits (RFC 8445 §5.3), here 142.</summary>
    public static string IcePassword() => RandomNumberGenerator.GetString(Alphabet, 24);

    /// <summary>An SSRC; never zero.</summary>
    public static uint Ssrc() => (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);
}
