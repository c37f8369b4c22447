namespace Dais.Rtc.Ice;

/// <summary>One side's ICE user name fragment and password (RFC 8445 §5.3).</summary>
/// <param name="UsernameFragment">4 to 256 ICE characters.</param>
/// <param name="Password">22 to 256 ICE characters.</param>
public sealed record IceCredentials(string UsernameFragment, string Password);
