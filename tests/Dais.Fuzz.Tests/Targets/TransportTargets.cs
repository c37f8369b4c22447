using System.Collections.Immutable;
using System.Text;
using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Rtc.Dtls.OpenSsl;
using Dais.Rtc.Ice;
using Dais.Rtc.Stun;
using Dais.Server.Media.Tcp;

namespace Dais.Fuzz.Tests.Targets;

/// <summary>STUN and ICE, DTLS, and the frames of ICE-TCP.</summary>
internal static class TransportTargets
{
    private static readonly IceCredentials Server = new("srvU", "serverPasswordOf24Chars0");
    private static readonly IceCredentials Client = new("cliU", "clientPasswordOf24Chars0");
    private static readonly byte[][] Checks = MakeChecks();
    private static readonly DateTimeOffset Issued = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    private static readonly OpenSslDtlsSessionFactory Sessions = new(DtlsCertificate.Create(Issued, Issued.AddYears(10)));
    private static readonly byte[][] Flight = MakeFlight();

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        FuzzTargets.Bytes(
            "STUN messages", "anybody",
            ["StunMessage.TryParse", "StunMessage.TryReadUsername", "StunMessage.TryReadLocalFragment", "StunMessage.TryGetXorMappedAddress"], Checks, ReadMessage),
        new("ICE checks", "anybody", ["IceLiteAgent.TryHandleRequest", "IceConnectivityCheck.TryHandleResponse"], Checks, BeginChecks) { InputsPerSession = 300, Allocates = null },
        new("ICE checks that are signed", "a client", ["IceLiteAgent.TryHandleRequest"], [[0, 0x24, 0, 4, 0, 0, 0, 110, 0x80, 0x2A, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0x25, 0, 0]], BeginSignedChecks)
        {
            InputsPerSession = 300,
            LengthMax = 1200,
            Allocates = null,
        },
        FuzzTargets.Bytes("DTLS records", "whoever can send from a validated address", ["DtlsRecord.TryRead", "DtlsHandshake.TryRead"], Flight, ReadRecords),
        new("DTLS handshakes (OpenSSL)", "whoever can send from a validated address", ["DtlsClientHello.TryComplete", "OpenSslDtlsSession.HandleDatagram"], Flight, BeginHandshake)
        {
            InputsPerSession = 50,
            Allocates = null,
        },
        new("frames of ICE-TCP (RFC 4571)", "anybody", ["TcpFrameBuffer.TryTake"], [[0, 3, 1, 2, 3], [0, 0, 0, 1, 9], [5, 0xDC, .. new byte[1498]], [0xFF, 0xFF, 1]], BeginFrames)
        {
            InputsPerSession = 40,
            LengthMax = 4096,
            Allocates = null,
        },
    ];

    private static byte[][] MakeChecks()
    {
        byte[] buffer = new byte[500];
        var request = new StunWriter(buffer, StunClass.Request, "transaction!"u8);
        request.Add(StunAttributeType.Username, "srvU:cliU"u8);
        request.AddPriority(110);
        request.AddIceControlling(7);
        request.AddUseCandidate();
        request.AddMessageIntegrity(Encoding.UTF8.GetBytes(Server.Password));
        request.AddFingerprint();
        byte[] signed = buffer[..request.Length];
        var response = new StunWriter(buffer, StunClass.SuccessResponse, "transaction!"u8);
        response.AddXorMappedAddress(NetworkAddress.FromIPv4(0x0A00_0001, 5000));
        response.AddMessageIntegrity(Encoding.UTF8.GetBytes(Server.Password));
        response.AddFingerprint();
        return [signed, buffer[..response.Length]];
    }

    private static ulong ReadMessage(byte[] input)
    {
        bool isMessage = StunMessage.TryParse(input, out var message);
        var outcome = new Outcome(isMessage);
        bool hasName = StunMessage.TryReadUsername(input, out var name);
        outcome.Add(hasName);
        outcome.Add(name.Length);
        outcome.Add(StunMessage.TryReadLocalFragment(input, out var fragment));
        Assert.True(fragment.Length <= name.Length, "a part longer than the whole");
        if (!isMessage)
        {
            return outcome.Value;
        }

        Span<ushort> unknown = stackalloc ushort[16];
        outcome.AddExactly((uint)message.Class);
        outcome.Add(message.Method);
        outcome.Add(message.Username.Length);
        outcome.Add(message.Priority ?? 0);
        outcome.Add(message.HasUseCandidate);
        outcome.Add(message.IceControlling is not null);
        outcome.Add(message.IceControlled is not null);
        outcome.Add(message.ErrorCode ?? -1);
        outcome.Add(message.HasIntegrity && message.HasValidIntegrity("serverPasswordOf24Chars0"u8));
        outcome.Add(message.HasValidFingerprint());
        outcome.Add(message.TryGetXorMappedAddress(out _));
        outcome.Add(message.CopyUnknownRequired(unknown));
        return outcome.Value;
    }

    private static Parse BeginChecks()
    {
        var now = new Timestamp(1_000_000);
        var agent = new IceLiteAgent(Server, Client, new IceOptions(), now);
        var check = new IceConnectivityCheck(Client, Server, 7, new IceCheckOptions(), now);
        var path = new NetworkPath(0, NetworkAddress.FromIPv4(0x0A00_0001, 5000));
        byte[] answer = new byte[128];
        return input =>
        {
            now += TimeSpan.FromMilliseconds(1);
            check.HandleTimeout(now);
            var outcome = new Outcome(agent.TryHandleRequest(input, path, now, answer, out int length));
            Assert.True(length <= input.Length + 64, "an answer so much longer than what was asked");
            outcome.Add(length);
            outcome.Add(check.TryHandleResponse(input, now));
            outcome.AddExactly((uint)agent.State);
            outcome.AddExactly((uint)check.State);
            return outcome.Value;
        };
    }

    /// <summary>An agent that gets requests of who knows the password, with attributes as each input has them: type, length and value.</summary>
    private static Parse BeginSignedChecks()
    {
        var now = new Timestamp(1_000_000);
        var agent = new IceLiteAgent(Server, Client, new IceOptions(), now);
        byte[] request = new byte[2600];
        byte[] answer = new byte[128];
        byte[] password = Encoding.UTF8.GetBytes(Server.Password);
        return input =>
        {
            now += TimeSpan.FromMilliseconds(1);
            var writer = new StunWriter(request, StunClass.Request, "transaction!"u8);
            writer.Add(StunAttributeType.Username, "srvU:cliU"u8);
            ReadOnlySpan<byte> rest = input;
            while (rest.Length >= 4 && writer.Length < StunMessage.BytesMax - 100)
            {
                int length = Math.Min(((rest[2] << 8) | rest[3]) % 64, rest.Length - 4);
                writer.Add((StunAttributeType)((rest[0] << 8) | rest[1]), rest.Slice(4, length));
                rest = rest[(4 + length)..];
            }

            writer.AddMessageIntegrity(password);
            writer.AddFingerprint();
            var path = new NetworkPath(0, NetworkAddress.FromIPv4(0x0A00_0001, (ushort)(5000 + (input.Length % 50))));
            bool isAnswered = agent.TryHandleRequest(request.AsSpan(0, writer.Length), path, now, answer, out int answered);
            var outcome = new Outcome(isAnswered);
            Assert.True(answered <= writer.Length + 64, "an answer so much longer than what was asked");
            outcome.Add(answered);
            outcome.AddExactly((uint)agent.State);
            outcome.Add(agent.IsValidated(path));
            outcome.Add(agent.MalformedRequests > 0);
            outcome.Add(agent.UnauthenticatedRequests > 0);
            return outcome.Value;
        };
    }

    /// <summary>What a client and a server say in a handshake.</summary>
    private static byte[][] MakeFlight()
    {
        var now = new Timestamp(1_000_000);
        using var client = Sessions.CreateActive(Sessions.LocalFingerprint, now);
        using var server = Sessions.CreatePassive(Sessions.LocalFingerprint);
        List<byte[]> all = [];
        client.HandleTimeout(now);
        for (int round = 0; round < 4; round++)
        {
            Carry(client, server, all, now);
            Carry(server, client, all, now);
        }

        return [.. all];
    }

    private static void Carry(IDtlsSession from, IDtlsSession to, List<byte[]> all, Timestamp now)
    {
        byte[] buffer = new byte[1500];
        while (from.TryDequeue(buffer, out int length))
        {
            all.Add(buffer[..length]);
            to.HandleDatagram(buffer.AsSpan(0, length), now);
        }
    }

    private static ulong ReadRecords(byte[] input)
    {
        var outcome = new Outcome(true);
        ReadOnlySpan<byte> rest = input;
        for (int records = 0; DtlsRecord.TryRead(rest, out var record); records++)
        {
            Assert.True(records < input.Length, "records without an end");
            outcome.AddExactly(record.ContentType);
            outcome.AddExactly(record.Epoch > 1 ? 2u : record.Epoch);
            var messages = record.Fragment;
            for (int count = 0; DtlsHandshake.TryRead(ref messages, out var message); count++)
            {
                Assert.True(count < input.Length, "messages without an end");
                outcome.AddExactly(message.Type);
                outcome.Add(message.Body.Length);
            }

            rest = rest[record.Bytes.Length..];
        }

        return outcome.Value;
    }

    /// <summary>A session at whatever place of the handshake the inputs have brought it to; what it answers is not heard.</summary>
    private static Parse BeginHandshake()
    {
        var now = new Timestamp(1_000_000);
        var session = (OpenSslDtlsSession)Sessions.CreatePassive(Sessions.LocalFingerprint);
        byte[] buffer = new byte[1500];
        return input =>
        {
            session.HandleDatagram(input, now);
            int answers = 0;
            while (session.TryDequeue(buffer, out _))
            {
                answers++;
            }

            Assert.True(answers <= 16, "an answer without an end");
            var outcome = new Outcome(answers > 0);
            outcome.AddExactly((uint)session.State);
            outcome.Add(session.DroppedRecords > 0);
            outcome.Add(session.RefusedHellos > 0);
            return outcome.Value;
        };
    }

    private static Parse BeginFrames()
    {
        var frames = new TcpFrameBuffer();
        byte[] frame = new byte[1500];
        return input =>
        {
            var outcome = new Outcome(true);
            ReadOnlySpan<byte> rest = input;
            int taken = 0;
            while (!rest.IsEmpty && !frames.IsBroken)
            {
                var free = frames.Free();
                int count = Math.Min(free.Length, rest.Length);
                Assert.True(count > 0, "no room for what comes");
                rest[..count].CopyTo(free);
                frames.Add(count);
                rest = rest[count..];
                while (frames.TryTake(frame, out int length))
                {
                    Assert.True(length <= frame.Length, "longer than a datagram");
                    taken++;
                }
            }

            outcome.Add(taken);
            outcome.Add(frames.IsBroken);
            return outcome.Value;
        };
    }
}
