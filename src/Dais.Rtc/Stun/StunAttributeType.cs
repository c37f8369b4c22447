namespace Dais.Rtc.Stun;

/// <summary>What a STUN message is in its transaction (RFC 8489 §5).</summary>
public enum StunClass
{
    /// <summary>Asks for a response.</summary>
    Request = 0,

    /// <summary>Asks for nothing.</summary>
    Indication = 1,

    /// <summary>Grants a request.</summary>
    SuccessResponse = 2,

    /// <summary>Refuses a request.</summary>
    ErrorResponse = 3,
}

/// <summary>The attributes an ICE agent meets (RFC 8489 §18.3, RFC 8445 §16.1).</summary>
public enum StunAttributeType : ushort
{
    /// <summary>The address a request came from, in plain bytes (RFC 8489 §14.1).</summary>
    MappedAddress = 0x0001,

    /// <summary>Who asks: the receiver's ICE user name fragment, a colon, the sender's (RFC 8445 §7.2.2).</summary>
    Username = 0x0006,

    /// <summary>HMAC-SHA1 over the message before it (RFC 8489 §14.5).</summary>
    MessageIntegrity = 0x0008,

    /// <summary>Number and reason of an error (RFC 8489 §14.8).</summary>
    ErrorCode = 0x0009,

    /// <summary>The attributes a 420 response did not understand (RFC 8489 §14.13).</summary>
    UnknownAttributes = 0x000A,

    /// <summary>The realm of long-term credentials (RFC 8489 §14.9).</summary>
    Realm = 0x0014,

    /// <summary>The nonce of long-term credentials (RFC 8489 §14.10).</summary>
    Nonce = 0x0015,

    /// <summary>HMAC-SHA256 over the message before it (RFC 8489 §14.6).</summary>
    MessageIntegritySha256 = 0x001C,

    /// <summary>The address a request came from, hidden from address rewriting middle boxes (RFC 8489 §14.2).</summary>
    XorMappedAddress = 0x0020,

    /// <summary>The priority of a candidate found by this check (RFC 8445 §7.1.1).</summary>
    Priority = 0x0024,

    /// <summary>The controlling agent nominates this path (RFC 8445 §7.1.2).</summary>
    UseCandidate = 0x0025,

    /// <summary>Detects that the bytes are STUN and whole (RFC 8489 §14.7).</summary>
    Fingerprint = 0x8028,

    /// <summary>The sender believes to be controlled; its tie breaker (RFC 8445 §7.1.3).</summary>
    IceControlled = 0x8029,

    /// <summary>The sender believes to be controlling; its tie breaker (RFC 8445 §7.1.3).</summary>
    IceControlling = 0x802A,
}

/// <summary>The error codes an ICE agent answers with or meets.</summary>
public static class StunErrorCode
{
    /// <summary>The request is malformed (RFC 8489 §14.8).</summary>
    public const int BadRequest = 400;

    /// <summary>The credentials are wrong (RFC 8489 §14.8).</summary>
    public const int Unauthenticated = 401;

    /// <summary>The request has an attribute that must be understood and is not (RFC 8489 §14.8).</summary>
    public const int UnknownAttribute = 420;

    /// <summary>Both agents believe to have the same role (RFC 8445 §7.3.1.1).</summary>
    public const int RoleConflict = 487;
}
