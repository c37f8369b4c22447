using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Dais.Server.Signaling;

namespace Dais.Server.Tests.Signaling;

public sealed class OutgoingMessagesTests
{
    private readonly Pipe _network = new(new PipeOptions(pauseWriterThreshold: 64, resumeWriterThreshold: 1));
    private readonly TaskCompletionSource _failed = new();
    private readonly OutgoingMessages _outgoing;

    public OutgoingMessagesTests() => _outgoing = new OutgoingMessages(_network.Writer, waitingMax: 2, _failed.SetResult);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(125, 2)]
    [InlineData(126, 4)]
    [InlineData(2_048, 4)]
    [InlineData(65_535, 4)]
    [InlineData(65_536, 10)]
    public async Task A_frame_says_its_length_as_Rfc6455_5_2_has_it(int length, int header)
    {
        var network = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        int written = OutgoingFrame.Text(new byte[length]).WriteTo(network.Writer);
        await network.Writer.CompleteAsync();
        byte[] frame = (await network.Reader.ReadAtLeastAsync(written, TestContext.Current.CancellationToken)).Buffer.ToArray();

        Assert.Equal(header + length, frame.Length);
        Assert.Equal(0x81, frame[0]);
        byte[] expected = header switch
        {
            2 => [(byte)length],
            4 => [126, (byte)(length >> 8), (byte)length],
            _ => [127, 0, 0, 0, 0, 0, 1, 0, 0],
        };
        Assert.Equal(expected, frame[1..header]);
    }

    [Fact]
    public async Task A_close_is_cut_to_what_a_control_frame_holds_and_stays_text()
    {
        _outgoing.Complete(OutgoingFrame.Close(4408, "x" + new string('é', 100)), drop: false);
        byte[] frame = await ReadAsync();

        Assert.Equal([0x88, 125, 4408 >> 8, 4408 & 0xFF], frame[..4]);
        Assert.Equal("x" + new string('é', 61), Encoding.UTF8.GetString(frame[4..]));
        Assert.Equal(127, frame.Length);
    }

    [Fact]
    public async Task What_is_gathered_goes_together_and_before_what_is_sent_later()
    {
        Assert.True(_outgoing.TryGather(Text("a"), out bool isFirst));
        Assert.True(isFirst);
        Assert.True(_outgoing.TryGather(Text("b"), out isFirst));
        Assert.False(isFirst);
        Assert.False(_network.Reader.TryRead(out _));

        _outgoing.Flush();
        Assert.Equal("ab", TextOf(await ReadAsync()));

        Assert.True(_outgoing.TryGather(Text("c"), out isFirst));
        Assert.True(isFirst);
        Assert.True(_outgoing.TrySend(Text("d")));
        Assert.Equal("cd", TextOf(await ReadAsync()));
    }

    [Fact]
    public async Task What_the_network_does_not_take_waits_and_too_much_is_refused()
    {
        string large = new('x', 100);
        Assert.True(_outgoing.TrySend(Text(large)));
        Assert.True(_outgoing.TrySend(Text("1")));
        Assert.True(_outgoing.TryGather(Text("2"), out bool isFirst));
        Assert.False(isFirst);
        Assert.False(_outgoing.TrySend(Text("3")));
        Assert.False(_outgoing.TryGather(Text("4"), out _));
        Assert.False(_outgoing.IsCompleted);

        Assert.Equal(large, TextOf(await ReadAsync()));
        Assert.Equal("12", TextOf(await ReadAsync()));
        Assert.True(_outgoing.TrySend(Text("5")));
        Assert.Equal("5", TextOf(await ReadAsync()));
    }

    [Theory]
    [InlineData(false, "1")]
    [InlineData(true, "")]
    public async Task The_close_comes_last_and_only_once(bool drop, string rest)
    {
        string large = new('x', 100);
        _outgoing.TrySend(Text(large));
        _outgoing.TrySend(Text("1"));
        _outgoing.Complete(OutgoingFrame.Close(4403, ""), drop);
        _outgoing.Complete(OutgoingFrame.Close(1000, ""), drop: false);
        Assert.False(_outgoing.TrySend(Text("2")));
        Assert.False(_outgoing.Ended.IsCompleted);

        Assert.Equal(large, TextOf(await ReadAsync()));
        byte[] last = await ReadAsync();
        Assert.Equal(rest, TextOf(last.AsSpan(..^4)));
        Assert.Equal([0x88, 2, 4403 >> 8, 4403 & 0xFF], last[^4..]);
        await _outgoing.Ended.WaitAsync(TestClient.Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task When_nobody_is_there_to_read_it_is_over()
    {
        await _network.Reader.CompleteAsync();

        Assert.False(_outgoing.TrySend(Text("1")));
        Assert.True(_outgoing.IsCompleted);
        await _outgoing.Ended;
        await _failed.Task.WaitAsync(TestClient.Patience, TestContext.Current.CancellationToken);
    }

    private static OutgoingFrame Text(string text) => OutgoingFrame.Text(Encoding.UTF8.GetBytes(text));

    /// <summary>The payloads of short text frames, one behind the other.</summary>
    private static string TextOf(ReadOnlySpan<byte> frames)
    {
        var text = new StringBuilder();
        while (!frames.IsEmpty)
        {
            Assert.Equal(0x81, frames[0]);
            text.Append(Encoding.UTF8.GetString(frames.Slice(2, frames[1])));
            frames = frames[(2 + frames[1])..];
        }

        return text.ToString();
    }

    private async Task<byte[]> ReadAsync()
    {
        var read = await _network.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TestClient.Patience);
        byte[] bytes = read.Buffer.ToArray();
        _network.Reader.AdvanceTo(read.Buffer.End);
        return bytes;
    }
}
