using System.Collections.Immutable;

namespace Dais.Rooms.Messages;

/// <summary>
/// How fast everybody sends, as one instant per sender: when all they have sent would have been sent, had they sent it at
/// the rate allowed (the generic cell rate algorithm). Whoever is ahead of that instant by less than the burst may send.
/// </summary>
public sealed class SendingPace
{
    private static readonly IComparer<(WallClockTime FreeAt, UserId User)> ByTime =
        Comparer<(WallClockTime FreeAt, UserId User)>.Create(static (left, right) =>
            left.FreeAt.CompareTo(right.FreeAt) is var order && order != 0
                ? order
                : string.CompareOrdinal(left.User.Value, right.User.Value));

    private readonly ImmutableDictionary<UserId, WallClockTime> _freeAt;
    private readonly ImmutableSortedSet<(WallClockTime FreeAt, UserId User)> _byTime;

    private SendingPace(
        ImmutableDictionary<UserId, WallClockTime> freeAt, ImmutableSortedSet<(WallClockTime FreeAt, UserId User)> byTime)
    {
        _freeAt = freeAt;
        _byTime = byTime;
    }

    /// <summary>Nobody has sent anything lately.</summary>
    public static SendingPace Idle { get; } = new([], ImmutableSortedSet.Create(ByTime));

    /// <summary>Everybody who has sent something lately, in the order of their instants.</summary>
    public IReadOnlyCollection<(WallClockTime FreeAt, UserId User)> All => _byTime;

    /// <summary>The pace when <paramref name="sender"/> has the instant <paramref name="freeAt"/>; instants that have passed
    /// at <paramref name="now"/> are forgotten.</summary>
    public SendingPace With(UserId sender, WallClockTime freeAt, WallClockTime now)
    {
        var users = _freeAt;
        var byTime = _byTime;
        if (users.TryGetValue(sender, out var before))
        {
            byTime = byTime.Remove((before, sender));
        }

        while (!byTime.IsEmpty && byTime.Min is var first && first.FreeAt <= now)
        {
            byTime = byTime.Remove(first);
            users = users.Remove(first.User);
        }

        return new SendingPace(users.SetItem(sender, freeAt), byTime.Add((freeAt, sender)));
    }

    /// <summary>The instant of <paramref name="sender"/> as it is; <paramref name="now"/> when they have sent nothing lately.</summary>
    internal WallClockTime Of(UserId sender, WallClockTime now) => _freeAt.TryGetValue(sender, out var freeAt) ? freeAt : now;

    /// <summary>The instant of <paramref name="sender"/> after one more message; null when they have to wait first.</summary>
    /// <param name="sender">Who wants to send.</param>
    /// <param name="now">When.</param>
    /// <param name="options">The rate and the burst.</param>
    /// <param name="retryAfter">How long they have to wait.</param>
    internal WallClockTime? Next(UserId sender, WallClockTime now, RoomOptions options, out TimeSpan retryAfter)
    {
        var interval = TimeSpan.FromMilliseconds(Math.Ceiling(1000.0 / options.MessagesPerSecond));
        var ahead = _freeAt.TryGetValue(sender, out var freeAt) ? freeAt - now : TimeSpan.Zero;

        // A clock that was set back must not silence anybody for longer than the burst.
        ahead = ahead < TimeSpan.Zero ? TimeSpan.Zero : ahead;
        ahead = ahead > interval * options.MessagesBurst ? interval * options.MessagesBurst : ahead;
        retryAfter = ahead - (interval * (options.MessagesBurst - 1));
        return retryAfter > TimeSpan.Zero ? null : now + ahead + interval;
    }
}
