namespace Dais.Client.Tests;

public sealed class RoomEventStreamTests
{
    private readonly RoomEventStream _stream;
    private int _ends;

    public RoomEventStreamTests() => _stream = new RoomEventStream("lobby", 2, () => _ends++);

    [Fact]
    public async Task Events_come_in_order_and_the_stream_ends_behind_the_last()
    {
        _stream.Add(Event(1));
        _stream.Add(Event(2));
        _stream.Add(new RoomNotification.Closed(RoomCloseReason.Left) { Seq = 2 });

        Assert.Equal(["1", "2", "closed"], await ReadAsync());
        Assert.Equal(1, _ends);
    }

    [Fact]
    public async Task A_reader_who_is_too_slow_is_told_how_many_it_missed_in_their_place()
    {
        await using var reader = _stream.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        for (int seq = 1; seq <= 5; seq++)
        {
            _stream.Add(Event(seq));
        }

        Assert.Equal("1", await NextAsync(reader));
        _stream.Add(Event(6));
        Assert.Equal("2", await NextAsync(reader));
        Assert.Equal("missed 4", await NextAsync(reader));
        _stream.Add(Event(7));
        Assert.Equal("7", await NextAsync(reader));
    }

    [Fact]
    public async Task The_end_is_never_missed()
    {
        for (int seq = 1; seq <= 3; seq++)
        {
            _stream.Add(Event(seq));
        }

        _stream.Add(new RoomNotification.Closed(RoomCloseReason.Host) { Seq = 3 });

        Assert.Equal(["1", "2", "missed 1", "closed"], await ReadAsync());
    }

    [Fact]
    public async Task A_reader_waits_for_what_comes_later()
    {
        await using var reader = _stream.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = NextAsync(reader);
        Assert.False(next.IsCompleted);

        _stream.Add(Event(1));

        Assert.Equal("1", await next);
    }

    private static RoomNotification.PhaseChanged Event(int seq) => new(Protocol.RoomPhase.Live) { Seq = seq };

    private static string Text(RoomNotification happened) => happened switch
    {
        RoomNotification.Overflowed overflowed => $"missed {overflowed.Missed}",
        RoomNotification.Closed => "closed",
        _ => $"{happened.Seq}",
    };

    private static async Task<string> NextAsync(IAsyncEnumerator<RoomNotification> reader)
    {
        Assert.True(await reader.MoveNextAsync());
        return Text(reader.Current);
    }

    private async Task<string[]> ReadAsync()
    {
        List<string> read = [];
        await foreach (var happened in _stream)
        {
            read.Add(Text(happened));
        }

        return [.. read];
    }
}
