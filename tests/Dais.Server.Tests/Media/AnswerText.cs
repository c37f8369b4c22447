using System.Globalization;
using System.Net;
using Dais.Rtc.Dtls;
using Dais.Rtc.Ice;

namespace Dais.Server.Tests.Media;

/// <summary>An answer as a client reads it: by its lines, without the server's own parser.</summary>
public sealed class AnswerText(string sdp)
{
    private readonly string[] _lines = sdp.Split("\r\n");

    /// <summary>The server's credentials.</summary>
    public IceCredentials Ice => new(First("a=ice-ufrag:"), First("a=ice-pwd:"));

    /// <summary>The server's certificate.</summary>
    public DtlsFingerprint Fingerprint => new(First("a=fingerprint:sha-256 "));

    /// <summary>The first candidate.</summary>
    public IPEndPoint Candidate => Candidates("udp")[0];

    /// <summary>The first TCP candidate.</summary>
    public IPEndPoint TcpCandidate => Candidates("tcp")[0];

    /// <summary>The SSRC announced in each media section, in order.</summary>
    public uint[] Ssrcs =>
        [.. _lines.Where(line => line.StartsWith("a=ssrc:", StringComparison.Ordinal))
            .Select(line => uint.Parse(line["a=ssrc:".Length..line.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture))];

    /// <summary>The candidates of <paramref name="protocol"/>, in their order.</summary>
    public IPEndPoint[] Candidates(string protocol) =>
        [.. _lines.Where(line => line.StartsWith("a=candidate:", StringComparison.Ordinal))
            .Select(line => line.Split(' '))
            .Where(words => words[2] == protocol)
            .Select(words => new IPEndPoint(IPAddress.Parse(words[4]), int.Parse(words[5], CultureInfo.InvariantCulture)))];

    private string First(string start) => _lines.First(line => line.StartsWith(start, StringComparison.Ordinal))[start.Length..];
}
