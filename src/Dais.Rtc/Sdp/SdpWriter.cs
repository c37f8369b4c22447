using System.Globalization;
using System.Text;

namespace Dais.Rtc.Sdp;

/// <summary>
/// Writes a description line by line, each ended by CR LF (RFC 8866 §5). The caller writes nothing that came from
/// outside unless the parser has held it for a token.
/// </summary>
public sealed class SdpWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins the description.</summary>
    /// <param name="sessionId">Identity of the session; stays the same in later answers of it.</param>
    /// <param name="version">Grows with every answer that differs from the one before (RFC 3264 §8).</param>
    public SdpWriter(long sessionId, int version) =>
        _text.Append(
            CultureInfo.InvariantCulture, $"v=0\r\no=- {sessionId} {version} IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");

    /// <summary>Begins a media section.</summary>
    /// <param name="kind">The kind, such as audio.</param>
    /// <param name="address">Where media goes; its port 0 rejects the section.</param>
    /// <param name="protocol">The transport of the offer.</param>
    /// <param name="formats">The payload formats with spaces between; one at least.</param>
    public void BeginMedia(string kind, NetworkAddress address, string protocol, string formats)
    {
        _text.Append(CultureInfo.InvariantCulture, $"m={kind} {address.Port} {protocol} {formats}\r\n");
        string family = address.IsIPv4 ? "IP4" : "IP6";
        _text.Append(CultureInfo.InvariantCulture, $"c=IN {family} {address.ToIPAddress()}\r\n");
    }

    /// <summary>Writes an attribute, its value included: "mid:0".</summary>
    public void WriteAttribute(string attribute) => _text.Append("a=").Append(attribute).Append("\r\n");

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
