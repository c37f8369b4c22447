using System.Security.Cryptography;
using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Sfu.Deadlines;
using Dais.Simulation;
using Dais.Simulation.Network;

namespace Dais.Sfu.Tests.Simulated;

public sealed class ConnectingTests
{
    private static readonly StageId Stage = new(1);
    private static readonly NetworkAddress Stranger = NetworkAddress.FromIPv4(0xC633_6401, 4000);

    [Fact]
    public void A_transport_tells_once_that_it_is_connected_and_its_tracks_that_they_started()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);

        simulation.RunFor(TimeSpan.FromSeconds(3));

        Assert.Equal(
            [
                new SfuEvent.TransportConnected(host.Id),
                new SfuEvent.TrackStarted(host.Id, Rtc.Rtp.TrackKind.Audio),
                new SfuEvent.TrackStarted(host.Id, Rtc.Rtp.TrackKind.Video),
            ],
            simulation.Events);
    }

    [Fact]
    public void A_client_that_never_comes_is_given_up()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        host.Transport.KeepsConsent = false;

        simulation.RunFor(TimeSpan.FromSeconds(29));
        Assert.Empty(simulation.Events);
        simulation.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal([new SfuEvent.TransportClosed(host.Id, TransportCloseReason.ConnectTimeout)], simulation.Events);
        Assert.Equal(0, simulation.Worker.TransportCount);
        Assert.Equal(Timestamp.Never, simulation.Worker.NextTimeout);
    }

    [Fact]
    public void A_client_that_vanishes_is_given_up_when_its_consent_runs_out()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(12));
        viewer.Transport.KeepsConsent = false;

        Assert.True(simulation.RunUntil(() => simulation.Worker.TransportCount == 1, TimeSpan.FromSeconds(31)));
        Assert.Contains(new SfuEvent.TransportClosed(viewer.Id, TransportCloseReason.ConsentExpired), simulation.Events);
        int received = viewer.Video(0).Packets.Count;
        simulation.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal(received, viewer.Video(0).Packets.Count);
    }

    [Fact]
    public void Rfc7675_5_1_nothing_is_sent_thirty_seconds_after_the_last_consent()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(12));
        viewer.Transport.KeepsConsent = false;
        simulation.RunFor(TimeSpan.FromSeconds(20));
        int before = viewer.Video(0).Packets.Count;
        simulation.RunFor(TimeSpan.FromSeconds(10));

        // Media goes on while there is consent, and the host's does after the viewer's has ended.
        int received = viewer.Video(0).Packets.Count;
        Assert.NotEqual(before, received);
        simulation.RunFor(TimeSpan.FromSeconds(60));
        Assert.Equal(received, viewer.Video(0).Packets.Count);
        Assert.True(host.Transport.IsConnected);
        Assert.Equal(1, simulation.Worker.TransportCount);
    }

    [Fact]
    public void A_client_that_says_goodbye_is_gone_at_once()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        simulation.RunFor(TimeSpan.FromSeconds(1));

        host.Transport.Close(simulation.Now, simulation.OutputOf(host));
        simulation.RunFor(TimeSpan.FromMilliseconds(10));

        Assert.Contains(new SfuEvent.TransportClosed(host.Id, TransportCloseReason.ClosedByPeer), simulation.Events);
        Assert.Equal(0, simulation.Worker.TransportCount);
    }

    [Fact]
    public void A_client_with_another_certificate_than_announced_is_refused()
    {
        using var simulation = new SimulatedWorker();
        var impostor = simulation.AddPublisher(1);
        simulation.Command(new SfuCommand.CloseTransport(impostor.Id));
        simulation.Command(new SfuCommand.OpenPublisher(
            impostor.Id,
            impostor.Participant,
            new TransportParameters(
                SessionDescriptions.MakeCredentials($"server-{impostor.Id.Value}"),
                SessionDescriptions.MakeCredentials($"client-{impostor.Id.Value}"),
                new DtlsFingerprint("0D:D5")),
            [impostor.Audio.Track]));

        simulation.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal([new SfuEvent.TransportClosed(impostor.Id, TransportCloseReason.DtlsFailed)], simulation.Events);
        Assert.True(impostor.Transport.IsClosed);
    }

    [Fact]
    public void A_hello_from_an_address_that_ICE_has_not_validated_gets_silence()
    {
        using var simulation = new SimulatedWorker();
        simulation.AddPublisher(1);
        byte[] hello = [22, 0xFE, 0xFD, .. new byte[200]];

        simulation.Inject(Stranger, hello);
        simulation.RunFor(TimeSpan.FromSeconds(1));
        simulation.Inject(Stranger, hello);

        Assert.Equal(0, simulation.DatagramsToStrangers);
        Assert.Equal(2, simulation.Worker.Statistics.Dropped(DropReason.UnknownPath));
        Assert.Equal(1, simulation.Worker.TransportCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_bytes_get_silence_and_harm_nobody(int seed)
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Seed = seed });
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(1));
        var random = new Random(seed);

        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(0, 300)];
            random.NextBytes(bytes);
            if (bytes.Length > 0 && i % 2 == 0)
            {
                // Half of them at least begin like something that is spoken here.
                bytes[0] = new byte[] { 0, 1, 22, 23, 0x80, 0x90, 0xB0 }[random.Next(7)];
            }

            simulation.Inject(i % 3 == 0 ? simulation.AddressOf(host) : Stranger, bytes);
        }

        int before = viewer.Video(0).Packets.Count;
        simulation.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(0, simulation.DatagramsToStrangers);
        Assert.True(viewer.Video(0).Packets.Count > before + 50, $"Nothing more arrives (seed {seed}).");
        RecordingAssert.IsContinuous(viewer.Video(0), seed);
    }

    [Fact]
    public void Commands_about_something_unknown_do_nothing()
    {
        using var simulation = new SimulatedWorker();
        var nobody = new TransportId(99);

        simulation.Command(new SfuCommand.CloseTransport(nobody));
        simulation.Command(new SfuCommand.RestartIce(
            nobody, SessionDescriptions.MakeCredentials("a"), SessionDescriptions.MakeCredentials("b")));
        simulation.Command(new SfuCommand.CloseStage(new StageId(99)));
        simulation.SetStage(Stage, new StageSlot(0, nobody), new StageSlot(70, nobody));
        simulation.RunFor(TimeSpan.FromSeconds(1));

        Assert.Empty(simulation.Events);
        Assert.Equal(0, simulation.Worker.TransportCount);
        Assert.Equal(TimeoutReason.None, simulation.Worker.NextTimeoutReason);
    }

    [Fact]
    public void Opening_a_transport_twice_changes_nothing()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(1));

        simulation.Command(new SfuCommand.OpenSubscriber(
            host.Id,
            new ParticipantId(7),
            new TransportParameters(
                SessionDescriptions.MakeCredentials("x"), SessionDescriptions.MakeCredentials("y"), new DtlsFingerprint("00")),
            Stage,
            []));
        int before = viewer.Video(0).Packets.Count;
        simulation.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(2, simulation.Worker.TransportCount);
        Assert.True(viewer.Video(0).Packets.Count > before + 50);
    }

    [Fact]
    public void A_worker_that_is_full_says_so()
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Worker = new SfuOptions { TransportsMax = 2 } });
        simulation.AddPublisher(1);
        simulation.AddPublisher(2);

        var third = simulation.AddPublisher(3);

        Assert.Equal([new SfuEvent.TransportClosed(third.Id, TransportCloseReason.TooManyTransports)], simulation.Events);
        Assert.Equal(2, simulation.Worker.TransportCount);
    }

    [Fact]
    public void A_client_that_changes_its_address_is_followed_without_a_new_handshake()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(1));
        var oldAddress = simulation.AddressOf(viewer);

        simulation.Move(viewer);
        simulation.RestartIce(viewer.Transport, viewer.Id);
        simulation.RunFor(TimeSpan.FromSeconds(2));

        Assert.NotEqual(oldAddress, simulation.AddressOf(viewer));
        Assert.Single(simulation.Events, happened => happened == new SfuEvent.TransportConnected(viewer.Id));
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
        Assert.True(viewer.Video(0).Packets[^1].Arrival > simulation.Now + TimeSpan.FromMilliseconds(-100));
    }

    [Fact]
    public void A_publisher_that_changes_its_address_is_followed_and_viewers_see_one_stream()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(1));
        int before = viewer.Video(0).Packets.Count;

        simulation.Move(host);
        simulation.RestartIce(host.Transport, host.Id);
        simulation.RunFor(TimeSpan.FromSeconds(2));

        Assert.Single(simulation.Events, happened => happened == new SfuEvent.TransportConnected(host.Id));
        Assert.True(viewer.Video(0).Packets.Count > before + 50);
        Assert.Single(viewer.Video(0).Sources);
        Assert.InRange(viewer.Video(0).MissingCount, 0, 50);
    }

    [Fact]
    public void An_address_the_client_has_left_is_a_strangers_once_its_consent_has_run_out()
    {
        using var simulation = new SimulatedWorker();
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.RunFor(TimeSpan.FromSeconds(1));
        var oldAddress = simulation.AddressOf(viewer);
        simulation.Move(viewer);
        simulation.RunFor(TimeSpan.FromSeconds(40));
        long before = simulation.Worker.Statistics.Dropped(DropReason.UnknownPath);

        simulation.Inject(oldAddress, [22, 0xFE, 0xFD, .. new byte[100]]);

        Assert.Equal(before + 1, simulation.Worker.Statistics.Dropped(DropReason.UnknownPath));
        Assert.Equal(1, simulation.Worker.TransportCount);
    }

    [Fact]
    public void ICE_can_be_restarted_again_and_again()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        for (int i = 0; i < 5; i++)
        {
            simulation.RunFor(TimeSpan.FromSeconds(20));
            simulation.RestartIce(host.Transport, host.Id);
            simulation.RestartIce(viewer.Transport, viewer.Id);
        }

        simulation.RunFor(TimeSpan.FromSeconds(40));

        Assert.Equal(2, simulation.Worker.TransportCount);
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Connecting_survives_a_quarter_of_all_datagrams_lost_each_way(int seed)
    {
        var bad = new LinkProfile { Loss = 0.25, Latency = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(20) };
        using var simulation = new SimulatedWorker(new SimulationOptions { Seed = seed, Uplink = bad, Downlink = bad });
        for (int i = 0; i < 30; i++)
        {
            simulation.AddSubscriber(i, Stage);
        }

        simulation.RunFor(TimeSpan.FromSeconds(10));

        Assert.True(30 == simulation.Events.OfType<SfuEvent.TransportConnected>().Count(), $"Not all are connected (seed {seed}).");
    }

    [Fact]
    public void The_timer_says_why_it_is_set()
    {
        using var simulation = new SimulatedWorker();
        Assert.Equal(TimeoutReason.None, simulation.Worker.NextTimeoutReason);

        var host = simulation.AddPublisher(1, video: new() { BeginsWithKeyframe = false });
        Assert.Equal(TimeoutReason.Connect, simulation.Worker.NextTimeoutReason);

        simulation.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeoutReason.Report, simulation.Worker.NextTimeoutReason);

        simulation.AddSubscriber(2, Stage);
        simulation.RunFor(TimeSpan.FromSeconds(1));
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        Assert.Equal(TimeoutReason.Keyframe, simulation.Worker.NextTimeoutReason);
        Assert.True(simulation.Worker.NextTimeout <= simulation.Now);
    }

    [Fact]
    public void Equal_seeds_give_equal_runs()
    {
        Assert.Equal(Fingerprint(seed: 5), Fingerprint(seed: 5));
        Assert.NotEqual(Fingerprint(seed: 5), Fingerprint(seed: 6));
    }

    private static string Fingerprint(int seed)
    {
        var rough = new LinkProfile { Loss = 0.05, Jitter = TimeSpan.FromMilliseconds(30), Reordering = 0.05 };
        using var simulation = new SimulatedWorker(new SimulationOptions { Seed = seed, Uplink = rough, Downlink = rough });
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(5));
        string run = string.Join(';', viewer.Video(0).Packets);
        return Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(run)));
    }
}
