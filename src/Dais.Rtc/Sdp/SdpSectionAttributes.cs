using System.Collections.Immutable;
using System.Net;
using Dais.Rtc.Dtls;

namespace Dais.Rtc.Sdp;

/// <summary>The attributes whose values have a form of their own.</summary>
internal sealed partial class SdpSection
{
    private const int FingerprintLength = (32 * 3) - 1;

    private string? ReadStructuredAttribute(ReadOnlySpan<char> name, ReadOnlySpan<char> value) => name switch
    {
        "mid" => ReadMid(value),
        "group" => ReadGroup(value),
        "setup" => ReadSetup(value),
        "fingerprint" => ReadFingerprint(value),
        "extmap" => ReadExtension(value),
        "msid" => ReadMsid(value),
        "candidate" => ReadCandidate(value),
        "rtpmap" => _formats.ReadMap(value),
        "fmtp" => _formats.ReadParameters(value),
        "rtcp-fb" => _formats.ReadFeedback(value),
        "ssrc" => _sources.ReadSource(value),
        "ssrc-group" => _sources.ReadGroup(value),
        "rid" => _sources.ReadRid(value),
        _ => null,
    };

    private string? ReadMid(ReadOnlySpan<char> value)
    {
        if (!IsToken(value))
        {
            return "the mid is no word.";
        }

        _mid = value.ToString();
        return null;
    }

    /// <summary>
    /// Reads a candidate (RFC 8839 §5.1): "foundation component transport priority address port typ ...". One that cannot be sent to from
    /// here (TCP, a name instead of an address) is left out, as is what is more than the limit; neither spoils a description.
    /// </summary>
    private string? ReadCandidate(ReadOnlySpan<char> value)
    {
        Span<Range> parts = stackalloc Range[8];
        if (value.Split(parts, ' ') >= 7
            && _candidates.Count < limits.CandidatesMax
            && value[parts[1]] is "1"
            && value[parts[2]].Equals("udp", StringComparison.OrdinalIgnoreCase)
            && IPAddress.TryParse(value[parts[4]], out var address)
            && TryParseNumber(value[parts[5]], ushort.MaxValue, out int port)
            && port != 0)
        {
            _candidates.Add(NetworkAddress.From(address, port));
        }

        return null;
    }

    private string? ReadGroup(ReadOnlySpan<char> value)
    {
        if (!value.StartsWith("BUNDLE ", StringComparison.Ordinal) || !Bundle.IsEmpty)
        {
            return null;
        }

        var mids = ImmutableArray.CreateBuilder<string>();
        var rest = value["BUNDLE ".Length..];
        foreach (var range in rest.Split(' '))
        {
            if (rest[range].IsEmpty)
            {
                continue;
            }

            if (mids.Count == limits.MediaMax)
            {
                return $"the group has more than {limits.MediaMax} members.";
            }

            if (!IsToken(rest[range]))
            {
                return "a mid in the group is no word.";
            }

            mids.Add(rest[range].ToString());
        }

        Bundle = mids.ToImmutable();
        return null;
    }

    private string? ReadSetup(ReadOnlySpan<char> value)
    {
        DtlsSetup? setup = value switch
        {
            "actpass" => DtlsSetup.ActivePassive,
            "active" => DtlsSetup.Active,
            "passive" => DtlsSetup.Passive,
            "holdconn" => DtlsSetup.HoldConnection,
            _ => null,
        };
        _setup = setup;
        return setup is null ? "the setup is none of actpass, active, passive and holdconn." : null;
    }

    /// <summary>
    /// Reads a fingerprint (RFC 8122 §5). Other hashes than SHA-256 are passed over: a certificate may be described by
    /// several.
    /// </summary>
    private string? ReadFingerprint(ReadOnlySpan<char> value)
    {
        const string Hash = "sha-256 ";
        if (!value.StartsWith(Hash, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = value[Hash.Length..].Trim();
        if (bytes.Length != FingerprintLength)
        {
            return "the fingerprint has not 32 bytes.";
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            if (i % 3 == 2 ? bytes[i] != ':' : !char.IsAsciiHexDigit(bytes[i]))
            {
                return "the fingerprint is not of hexadecimal bytes with colons between.";
            }
        }

        _fingerprint = new DtlsFingerprint(bytes.ToString().ToUpperInvariant());
        return null;
    }

    private string? ReadExtension(ReadOnlySpan<char> value)
    {
        Span<Range> parts = stackalloc Range[3];
        if (value.Split(parts, ' ', StringSplitOptions.RemoveEmptyEntries) < 2)
        {
            return "a header extension has an id and a name.";
        }

        if (_extensions.Count == limits.ExtensionsMax)
        {
            return $"there are more than {limits.ExtensionsMax} header extensions.";
        }

        var id = value[parts[0]];
        int slash = id.IndexOf('/');
        var direction = slash < 0 ? MediaDirection.SendReceive : ParseDirection(id[(slash + 1)..]);
        if (!TryParseNumber(slash < 0 ? id : id[..slash], ushort.MaxValue, out int number))
        {
            return "the id of a header extension is no number.";
        }

        if (number is > 0 and <= byte.MaxValue)
        {
            _extensions.Add(new HeaderExtension((byte)number, direction, value[parts[1]].ToString()));
        }

        return null;
    }

    private string? ReadMsid(ReadOnlySpan<char> value)
    {
        int space = value.IndexOf(' ');
        _msid ??= space < 0
            ? new MediaStreamIdentification(value.ToString(), null)
            : new MediaStreamIdentification(value[..space].ToString(), value[(space + 1)..].ToString());
        return null;
    }
}
