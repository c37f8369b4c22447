using System.Collections.Immutable;
using System.Globalization;
using Dais.Rtc.Dtls;
using Dais.Rtc.Ice;

namespace Dais.Rtc.Sdp;

/// <summary>
/// Gathers the lines of the session part or of one media section. Methods return what is wrong with their line as the
/// end of a sentence, or null.
/// </summary>
internal sealed partial class SdpSection(SdpLimits limits)
{
    private const int TokenLengthMax = 256;

    private readonly List<HeaderExtension> _extensions = [];
    private readonly List<NetworkAddress> _candidates = [];
    private readonly SdpFormats _formats = new(limits);
    private readonly SdpSources _sources = new(limits);
    private string _kind = "";
    private string _protocol = "";
    private int _port;
    private string? _mid;
    private string? _iceUfrag;
    private string? _icePwd;
    private string? _simulcast;
    private bool _hasRtcpMux;
    private bool _hasReducedSizeRtcp;
    private bool _isBundleOnly;
    private MediaDirection? _direction;
    private DtlsSetup? _setup;
    private DtlsFingerprint? _fingerprint;
    private MediaStreamIdentification? _msid;

    public bool IsIceLite { get; private set; }

    public ImmutableArray<string> Bundle { get; private set; } = [];

    /// <summary>Reads what stands behind "m=" (RFC 8866 §5.14).</summary>
    public string? ReadMediaLine(ReadOnlySpan<char> value)
    {
        Span<Range> parts = stackalloc Range[4];
        int count = value.Split(parts, ' ', StringSplitOptions.RemoveEmptyEntries);
        if (count < 4)
        {
            return "a media line has a kind, a port, a protocol and formats.";
        }

        var port = value[parts[1]];
        // A count of ports ("9/2") is never used for RTP here; the first port alone counts.
        int slash = port.IndexOf('/');
        if (!TryParseNumber(slash < 0 ? port : port[..slash], ushort.MaxValue, out _port))
        {
            return "the port is no number from 0 to 65535.";
        }

        if (!IsToken(value[parts[0]]))
        {
            return "the kind of media is no word.";
        }

        _kind = value[parts[0]].ToString();
        _protocol = value[parts[2]].ToString();
        return _kind is "audio" or "video" ? _formats.ReadPayloadTypes(value[parts[3]]) : null;
    }

    /// <summary>Reads what stands behind "a=".</summary>
    public string? ReadAttribute(ReadOnlySpan<char> attribute)
    {
        int colon = attribute.IndexOf(':');
        var name = colon < 0 ? attribute : attribute[..colon];
        var value = colon < 0 ? default : attribute[(colon + 1)..];
        switch (name)
        {
            case "ice-lite":
                IsIceLite = true;
                return null;
            case "rtcp-mux":
                _hasRtcpMux = true;
                return null;
            case "rtcp-rsize":
                _hasReducedSizeRtcp = true;
                return null;
            case "bundle-only":
                _isBundleOnly = true;
                return null;
            case "sendrecv" or "sendonly" or "recvonly" or "inactive":
                _direction = ParseDirection(name);
                return null;
            case "ice-ufrag":
                _iceUfrag = value.ToString();
                return null;
            case "ice-pwd":
                _icePwd = value.ToString();
                return null;
            case "simulcast":
                _simulcast = value.ToString();
                return null;
            default:
                return ReadStructuredAttribute(name, value);
        }
    }

    /// <summary>The section with what it lacks taken from <paramref name="session"/>.</summary>
    public MediaDescription Build(SdpSection session) => new()
    {
        Kind = _kind,
        Port = _port,
        Protocol = _protocol,
        Mid = _mid,
        Direction = _direction ?? session._direction ?? MediaDirection.SendReceive,
        Ice = BuildIce(_iceUfrag ?? session._iceUfrag, _icePwd ?? session._icePwd),
        Fingerprint = _fingerprint ?? session._fingerprint,
        Setup = _setup ?? session._setup,
        HasRtcpMux = _hasRtcpMux,
        HasReducedSizeRtcp = _hasReducedSizeRtcp,
        IsBundleOnly = _isBundleOnly,
        Formats = _formats.Build(),
        Extensions = _extensions.Count > 0 ? [.. _extensions] : [.. session._extensions],
        Sources = _sources.BuildSources(),
        SourceGroups = _sources.BuildGroups(),
        Rids = _sources.BuildRids(),
        Simulcast = _simulcast,
        Msid = _msid,
        Candidates = [.. _candidates],
    };

    /// <summary>
    /// Whether <paramref name="text"/> is a token (RFC 8866 §9): safe to be written into an answer as it is.
    /// </summary>
    internal static bool IsToken(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > TokenLengthMax)
        {
            return false;
        }

        foreach (char character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && !"!#$%&'*+-.^_`{|}~".Contains(character))
            {
                return false;
            }
        }

        return true;
    }

    internal static bool TryParseNumber(ReadOnlySpan<char> text, int max, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max;

    private static MediaDirection ParseDirection(ReadOnlySpan<char> name) => name switch
    {
        "sendonly" => MediaDirection.SendOnly,
        "recvonly" => MediaDirection.ReceiveOnly,
        "inactive" => MediaDirection.Inactive,
        _ => MediaDirection.SendReceive,
    };

    private static IceCredentials? BuildIce(string? ufrag, string? pwd) =>
        IsIceWord(ufrag, 4) && IsIceWord(pwd, 22) ? new IceCredentials(ufrag!, pwd!) : null;

    /// <summary>Whether <paramref name="word"/> is of ICE characters and of a length RFC 8839 §5.4 allows.</summary>
    internal static bool IsIceWord(string? word, int lengthMin)
    {
        if (word is null || word.Length < lengthMin || word.Length > 256)
        {
            return false;
        }

        foreach (char character in word)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('+' or '/'))
            {
                return false;
            }
        }

        return true;
    }
}
