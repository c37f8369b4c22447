using Dais.Simulation;
using Dais.Simulation.Network;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

public sealed class SoundTests
{
    private static readonly StageId Stage = new(1);
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    [Fact]
    public void Older_sound_goes_to_viewers_that_accept_it_and_the_present_alone_to_others()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1, audio: new ScriptedTrackOptions { SendsRedundancy = true });
        var able = simulation.AddSubscriber(2, Stage, redundancyType: 70);
        var plain = simulation.AddSubscriber(3, Stage);
        var alsoAble = simulation.AddSubscriber(4, Stage, redundancyType: 71);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));

        simulation.RunFor(OneSecond);

        Assert.All(able.Audio(0).Packets, packet => Assert.Equal(70, packet.PayloadType));
        Assert.All(alsoAble.Audio(0).Packets, packet => Assert.Equal(71, packet.PayloadType));
        Assert.All(able.Audio(0).Packets.Skip(1), packet => Assert.Equal([SessionDescriptions.SubscriberOpus, SessionDescriptions.SubscriberOpus], packet.BlockTypes));
        Assert.All(plain.Audio(0).Packets, packet => Assert.Equal(SessionDescriptions.SubscriberOpus, packet.PayloadType));
        foreach (var viewer in new[] { able, plain, alsoAble })
        {
            Assert.Equal(0, viewer.UnannouncedPackets);
            Assert.InRange(viewer.Audio(0).Packets.Count, 45, 52);
            RecordingAssert.IsContinuous(viewer.Audio(0), simulation.Seed);
        }
    }

    [Theory]
    [InlineData(RepeatMode.AsItWas)]
    [InlineData(RepeatMode.OwnStream)]
    public void Older_sound_does_not_keep_lost_packets_from_being_sent_again(RepeatMode repeats)
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Downlink = new LinkProfile { Loss = 0.1 } });
        var host = simulation.AddPublisher(1, audio: new ScriptedTrackOptions { SendsRedundancy = true });
        var able = simulation.AddSubscriber(2, Stage, repeats: repeats, redundancyType: 70);
        var plain = simulation.AddSubscriber(3, Stage, repeats: repeats);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RecordsSent = true;

        simulation.RunFor(OneSecond * 3);
        simulation.DownlinkOf(able).Profile = simulation.DownlinkOf(plain).Profile = new LinkProfile();
        simulation.RunFor(OneSecond);

        Assert.True(simulation.Worker.Statistics.PacketsRetransmitted > 10);
        Assert.Equal((0, 0), (able.Audio(0).MissingCount, plain.Audio(0).MissingCount));
        SentAssert.NoNumberHasTwoContents(simulation);
    }

    [Fact]
    public void Older_sound_that_lies_about_its_length_is_dropped()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1, audio: new ScriptedTrackOptions { SendsRedundancy = true });
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(OneSecond);
        int before = viewer.Audio(0).Packets.Count;

        byte[] header = new byte[12];
        new Dais.Rtc.Rtp.RtpHeaderWriter(header, false, 63, 5000, 1, host.Audio.Ssrc).Complete();
        host.Transport.SendRtp(header, 12, [0xEF, 0, 3, 0xFF, 111, 1, 2], 5000, simulation.OutputOf(host));
        simulation.RunFor(TimeSpan.Zero);

        Assert.Equal(before, viewer.Audio(0).Packets.Count);
        Assert.Equal(1, simulation.Worker.Statistics.Dropped(DropReason.Malformed));
    }

    [Fact]
    public void Silence_that_is_not_sent_stays_silence()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(OneSecond);
        host.Audio.IsOn = false;
        simulation.RunFor(OneSecond * 2);
        int before = viewer.Audio(0).Packets.Count;
        host.Audio.IsOn = true;

        simulation.RunFor(OneSecond);

        // Nothing is missing, and time went on: the receiver knows it for discontinuous transmission (RFC 7587 §3.1.3).
        var packets = viewer.Audio(0).Packets;
        RecordingAssert.IsContinuous(viewer.Audio(0), simulation.Seed);
        Assert.Equal(96_000, (int)(packets[before].Timestamp - packets[before - 1].Timestamp), 2000.0);
        Assert.False(packets[before].Marker);
    }
}
