using Dais.Rtc.Dtls;
using Dais.Rtc.Srtp;

namespace Dais.Rtc.Tests.Dtls;

public sealed class DtlsHandshakeTests
{
    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1)]
    public void Both_ends_get_keys_that_open_each_others_packets(SrtpProfile profile)
    {
        using var pair = new DtlsPair(serverProfiles: [profile]);

        pair.Run();

        pair.AssertConnected();
        Assert.Equal(profile, pair.Server.Keys!.Profile);
        AssertOpens(pair.Server.Keys, pair.Client.Keys!);
        AssertOpens(pair.Client.Keys!, pair.Server.Keys);
    }

    [Fact]
    public void The_servers_order_of_profiles_decides()
    {
        using var pair = new DtlsPair(clientProfiles: [SrtpProfile.Aes128CmHmacSha1, SrtpProfile.AeadAes128Gcm]);

        pair.Run();

        Assert.Equal(SrtpProfile.AeadAes128Gcm, pair.Server.Keys!.Profile);
    }

    [Fact]
    public void Without_a_common_profile_the_handshake_fails()
    {
        using var pair = new DtlsPair([SrtpProfile.AeadAes128Gcm], [SrtpProfile.Aes128CmHmacSha1]);

        pair.Run();

        Assert.Equal(DtlsState.Failed, pair.Server.State);
        Assert.Null(pair.Server.Keys);
        Assert.Null(pair.Client.Keys);
    }

    [Fact]
    public void A_client_with_another_certificate_is_refused()
    {
        using var pair = new DtlsPair(expectedOfClient: new DtlsFingerprint(string.Join(':', Enumerable.Repeat("AB", 32))));

        pair.Run();

        Assert.Equal(DtlsState.Failed, pair.Server.State);
        Assert.Null(pair.Server.Keys);
        Assert.Equal(Timestamp.Never, pair.Server.NextTimeout);
        Assert.Equal(DtlsState.Handshaking, pair.Client.State);
    }

    [Fact]
    public void A_server_with_another_certificate_is_refused()
    {
        using var pair = new DtlsPair(expectedOfServer: new DtlsFingerprint(string.Join(':', Enumerable.Repeat("AB", 32))));

        pair.Run();

        Assert.Equal(DtlsState.Failed, pair.Client.State);
        Assert.Null(pair.Client.Keys);
        Assert.Equal(DtlsState.Closed, pair.Server.State);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AB")]
    [InlineData("XX:AB")]
    public void A_malformed_fingerprint_matches_nothing(string value)
    {
        using var pair = new DtlsPair(expectedOfClient: new DtlsFingerprint(value.PadRight(95, ' ')));

        pair.Run();

        Assert.Equal(DtlsState.Failed, pair.Server.State);
    }

    [Fact]
    public void The_case_of_a_fingerprint_does_not_matter()
    {
        using var reference = new DtlsPair();
        using var pair = new DtlsPair(expectedOfClient: new DtlsFingerprint(reference.ClientFingerprint.Value.ToLowerInvariant()));

        pair.Run();

        pair.AssertConnected();
    }

    [Fact]
    public void Fingerprints_are_written_as_in_a_session_description()
    {
        using var pair = new DtlsPair();

        Assert.Matches("^([0-9A-F]{2}:){31}[0-9A-F]{2}$", pair.ClientFingerprint.Value);
    }

    [Fact]
    public void Datagrams_stay_within_the_MTU_and_hold_whole_records()
    {
        using var pair = new DtlsPair(mtu: 300);
        int count = 0;

        pair.Run((_, datagram) =>
        {
            count++;
            Assert.InRange(datagram.Length, 1, 300);
            ReadOnlySpan<byte> rest = datagram;
            while (!rest.IsEmpty)
            {
                Assert.True(DtlsRecord.TryRead(rest, out var record));
                rest = rest[record.Bytes.Length..];
            }
        });

        pair.AssertConnected();
        Assert.True(count > 6, $"{count} datagrams");
    }

    [Fact]
    public void A_ClientHello_in_two_datagrams_is_put_together()
    {
        using var pair = new DtlsPair();
        byte[] hello = Assert.Single(DtlsPair.Take(pair.Client));
        var (first, second) = DtlsWire.SplitMessage(hello, at: 50);

        pair.Server.HandleDatagram(second, DtlsPair.T0);
        Assert.Empty(DtlsPair.Take(pair.Server));
        pair.Server.HandleDatagram(first, DtlsPair.T0);
        while (DtlsPair.Take(pair.Server) is { Count: > 0 } toClient)
        {
            DtlsPair.Feed(pair.Client, toClient);
            DtlsPair.Feed(pair.Server, DtlsPair.Take(pair.Client).Select(datagram => DtlsWire.RenumberInTheClear(datagram, by: 1)));
        }

        pair.AssertConnected();
    }

    [Fact]
    public void Every_lost_flight_is_sent_again()
    {
        using var pair = new DtlsPair();
        int fromClient = 0;
        int fromServer = 0;
        while (pair.Server.State == DtlsState.Handshaking || pair.Client.State == DtlsState.Handshaking)
        {
            var toServer = DtlsPair.Take(pair.Client);
            var toClient = DtlsPair.Take(pair.Server);
            if (toServer.Count > 0 && fromClient++ % 2 == 1)
            {
                DtlsPair.Feed(pair.Server, toServer);
            }

            if (toClient.Count > 0 && fromServer++ % 2 == 1)
            {
                DtlsPair.Feed(pair.Client, toClient);
            }

            if (!pair.Server.HasOutput && !pair.Client.HasOutput && pair.Client.State == DtlsState.Handshaking)
            {
                pair.WaitForRetransmission();
            }
        }

        pair.AssertConnected();
        Assert.True(fromClient >= 4 && fromServer >= 4, $"{fromClient} and {fromServer} flights");
    }

    [Fact]
    public void An_unanswered_client_has_a_timer_and_a_waiting_server_none()
    {
        using var pair = new DtlsPair();

        Assert.Equal(Timestamp.Never, pair.Server.NextTimeout);
        Assert.InRange((pair.Client.NextTimeout - DtlsPair.T0).TotalMilliseconds, 0, 20);
        pair.Run();
        Assert.Equal(Timestamp.Never, pair.Client.NextTimeout);
        Assert.Equal(Timestamp.Never, pair.Server.NextTimeout);
    }

    private static void AssertOpens(SrtpKeyingMaterial ours, SrtpKeyingMaterial theirs)
    {
        using var sender = new SrtpSender(ours.Profile, ours.Send);
        using var receiver = new SrtpReceiver(theirs.Profile, theirs.Receive, new SrtpReceiverOptions());
        byte[] buffer = new byte[100];
        buffer[0] = 0x80;
        int length = sender.ProtectRtp(buffer, 12, "a picture"u8, packetIndex: 0);

        Assert.True(receiver.TryUnprotectRtp(buffer.AsSpan(0, length), out int plain));
        Assert.Equal("a picture"u8, buffer.AsSpan(12, plain - 12));
    }
}
