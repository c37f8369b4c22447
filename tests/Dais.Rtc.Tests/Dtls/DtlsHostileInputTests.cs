using Dais.Rtc.Dtls;

namespace Dais.Rtc.Tests.Dtls;

/// <summary>What a stranger who can send from a validated address must not be able to do.</summary>
public sealed class DtlsHostileInputTests
{
    private const byte ClientHello = 1;

    /// <summary>Datagrams that have no place anywhere.</summary>
    private static readonly byte[][] Rubbish =
    [
        [],
        [22],
        [22, 0xFE, 0xFD],
        [0x80, 0x60, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
        .. Enumerable.Range(0, 200).Select(RandomBytes),
        .. Enumerable.Range(0, 50).Select(seed => DtlsWire.Record((byte)(20 + (seed % 4)), RandomBytes(seed))),
        .. Enumerable.Range(0, 20).Select(seed => DtlsWire.Record((byte)(20 + (seed % 4)), RandomBytes(seed), epoch: 1, 1000)),
        .. Enumerable.Range(0, 20).Select(seed => DtlsWire.Record((byte)(20 + (seed % 4)), RandomBytes(seed), epoch: 7)),
        DtlsWire.Record(DtlsRecord.Alert, [2, 40]),
        DtlsWire.Record(DtlsRecord.Alert, [1, 0]),
        DtlsWire.Record(DtlsRecord.ApplicationData, [1, 2, 3]),
        new byte[9000],
    ];

    /// <summary>ClientHellos no library takes, of which some look well from outside.</summary>
    private static readonly byte[][] BrokenHellos =
    [
        DtlsWire.Message(ClientHello, 0, []),
        DtlsWire.Message(ClientHello, 0, new byte[40]),
        DtlsWire.Message(ClientHello, 0, [0xFE, 0xFD, .. new byte[32], 0, 0, 0, 2, 0, 0, 1, 0]), // Only TLS_NULL_WITH_NULL_NULL.
        DtlsWire.Message(ClientHello, 0, [0xFE, 0xFD, .. new byte[32], 0xFF, 0xFF, 0xFF]),
        DtlsWire.Message(ClientHello, 0, [3, 3, .. new byte[32], 0, 0, 0, 2, 0xC0, 0x2B, 1, 0]),
        DtlsWire.Message(ClientHello, 1, new byte[40]),
        DtlsWire.Message(ClientHello, 9, new byte[40]),
        .. Enumerable.Range(0, 30).Select(seed => DtlsWire.Message(ClientHello, 0, RandomBytes(seed))),
    ];

    [Fact]
    public void Rubbish_before_the_handshake_does_no_harm()
    {
        using var pair = new DtlsPair();

        DtlsPair.Feed(pair.Server, Rubbish);

        Assert.True(pair.Server.DroppedRecords > 0);
        pair.Run();
        pair.AssertConnected();
    }

    [Fact]
    public void Broken_ClientHellos_before_the_handshake_are_dropped_without_an_answer()
    {
        using var pair = new DtlsPair();
        foreach (byte[] hello in BrokenHellos)
        {
            pair.Server.HandleDatagram(hello, DtlsPair.T0);
            Assert.Empty(DtlsPair.Take(pair.Server));
        }

        Assert.True(pair.Server.RefusedHellos > 0);
        pair.Run();
        pair.AssertConnected();
    }

    [Fact]
    public void A_broken_piece_of_a_ClientHello_does_not_spoil_the_real_one()
    {
        using var pair = new DtlsPair();
        var (first, _) = DtlsWire.SplitMessage(DtlsWire.Message(ClientHello, 0, new byte[700]), at: 60);

        pair.Server.HandleDatagram(first, DtlsPair.T0);

        pair.Run();
        pair.AssertConnected();
    }

    [Fact]
    public void Rubbish_and_broken_ClientHellos_between_the_flights_do_no_harm()
    {
        using var pair = new DtlsPair();

        pair.Run((receiver, _) => DtlsPair.Feed(receiver, Rubbish.Concat(BrokenHellos)));

        pair.AssertConnected();
    }

    [Fact]
    public void Every_datagram_cut_short_before_the_real_one_does_no_harm()
    {
        using var pair = new DtlsPair();

        pair.Run((receiver, datagram) =>
        {
            for (int length = 0; length < datagram.Length; length += 7)
            {
                receiver.HandleDatagram(datagram.AsSpan(0, length), DtlsPair.T0);
            }
        });

        pair.AssertConnected();
    }

    [Fact]
    public void Rubbish_and_ClientHellos_after_the_handshake_do_no_harm()
    {
        using var pair = new DtlsPair();
        using var other = new DtlsPair();
        pair.Run();

        foreach (var session in new IDtlsSession[] { pair.Server, pair.Client })
        {
            DtlsPair.Feed(session, Rubbish);
            DtlsPair.Feed(session, BrokenHellos);
            DtlsPair.Feed(session, DtlsPair.Take(other.Client));
            Assert.Empty(DtlsPair.Take(session));
        }

        pair.AssertConnected();
        pair.Client.Close(DtlsPair.T0);
        pair.Run();
        Assert.Equal(DtlsState.Closed, pair.Server.State);
    }

    [Fact]
    public void Forged_encrypted_records_of_any_length_do_no_harm()
    {
        using var pair = new DtlsPair();
        byte[][] forged = [.. Enumerable.Range(1, 64).Concat([500, 1200, 2000]).SelectMany(length =>
            Enumerable.Range(20, 4).Select(type => DtlsWire.Record((byte)type, new byte[length], epoch: 1, 1000)))];

        pair.Run((receiver, _) => DtlsPair.Feed(receiver, forged));
        DtlsPair.Feed(pair.Server, forged);
        DtlsPair.Feed(pair.Client, forged);

        Assert.Empty(DtlsPair.Take(pair.Server));
        Assert.Empty(DtlsPair.Take(pair.Client));
        pair.AssertConnected();
    }

    [Fact]
    public void Repeated_and_late_datagrams_do_no_harm()
    {
        using var pair = new DtlsPair();
        List<(IDtlsSession Receiver, byte[] Datagram)> sent = [];

        pair.Run((receiver, datagram) =>
        {
            sent.Add((receiver, datagram));
            receiver.HandleDatagram(datagram, DtlsPair.T0);
        });
        foreach (var (receiver, datagram) in sent)
        {
            receiver.HandleDatagram(datagram, DtlsPair.T0);
        }

        pair.Run();
        pair.AssertConnected();
    }

    [Fact]
    public void Changed_datagrams_end_a_handshake_at_worst()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            using var pair = new DtlsPair();
            pair.Run((receiver, datagram) =>
            {
                byte[] changed = [.. datagram];
                changed[random.Next(changed.Length)] ^= (byte)random.Next(1, 256);
                receiver.HandleDatagram(changed, DtlsPair.T0);
            });

            Assert.NotEqual(DtlsState.Closed, pair.Server.State);
            Assert.Equal(pair.Server.State == DtlsState.Connected, pair.Server.Keys is not null);
        }
    }

    private static byte[] RandomBytes(int seed)
    {
        var random = new Random(seed);
        byte[] bytes = new byte[random.Next(1, 200)];
        random.NextBytes(bytes);
        return bytes;
    }
}
