using System.Collections.Frozen;
using System.Collections.Immutable;
using Dais.Protocol;

namespace Dais.Server.Webhooks;

/// <summary>The numbers of webhook events. A number is never given to another event.</summary>
public static class WebhookEventTypes
{
    /// <summary>A room went live.</summary>
    public const int RoomCreated = 101;

    /// <summary>A room ended.</summary>
    public const int RoomDestroyed = 102;

    /// <summary>A host came into the room.</summary>
    public const int BroadcasterJoined = 103;

    /// <summary>A host, or a guest who was on a seat, left the room.</summary>
    public const int BroadcasterLeft = 104;

    /// <summary>Anybody else came into the room.</summary>
    public const int AudienceJoined = 105;

    /// <summary>Anybody else left the room.</summary>
    public const int AudienceLeft = 106;

    /// <summary>A member of the audience sat down.</summary>
    public const int BecameBroadcaster = 111;

    /// <summary>A guest left the seat and stays in the room.</summary>
    public const int BecameAudience = 112;

    /// <summary>Somebody tries the endpoint; every endpoint gets it.</summary>
    public const int Test = 1000;

    /// <summary>The name of <see cref="Test"/>.</summary>
    public const string TestName = "test";

    /// <summary>The contract's own events.</summary>
    public static readonly ImmutableArray<int> Standard =
    [
        RoomCreated, RoomDestroyed, BroadcasterJoined, BroadcasterLeft, AudienceJoined, AudienceLeft,
        BecameBroadcaster, BecameAudience,
    ];

    /// <summary>The extended events: the types of notifications, by name.</summary>
    public static readonly FrozenDictionary<string, int> Extended = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        [Notifications.SeatApplied.Type] = 1001,
        [Notifications.SeatApplicationEnded.Type] = 1002,
        [Notifications.SeatInvited.Type] = 1003,
        [Notifications.SeatInvitationEnded.Type] = 1004,
        [Notifications.SeatChanged.Type] = 1005,
        [Notifications.CoHostRequested.Type] = 1011,
        [Notifications.CoHostRequestEnded.Type] = 1012,
        [Notifications.CoHostChanged.Type] = 1013,
        [Notifications.StageChanged.Type] = 1021,
        [Notifications.AudienceJoined.Type] = 1031,
        [Notifications.AudienceLeft.Type] = 1032,
        [Notifications.AudienceChanged.Type] = 1033,
        [Notifications.MemberRoleChanged.Type] = 1034,
        [Notifications.RoomPhase.Type] = 1041,
        [Notifications.RoomUpdated.Type] = 1042,
        [Notifications.RoomEnded.Type] = 1043,
        ["message"] = 1051,
    }.ToFrozenDictionary(StringComparer.Ordinal);
}

/// <summary>Which events an endpoint wants.</summary>
public sealed class WebhookEventFilter
{
    /// <summary>The word for all of <see cref="WebhookEventTypes.Standard"/>.</summary>
    public const string Standard = "standard";

    private const string Everything = "*";
    private const string GroupEnd = ".*";

    private readonly FrozenSet<int> _numbers;

    private WebhookEventFilter(ImmutableArray<string> names, IEnumerable<int> numbers)
    {
        Names = names;
        _numbers = numbers.ToFrozenSet();
        WantsExtended = _numbers.Any(number => number > WebhookEventTypes.Test);
    }

    /// <summary>The contract's own events and no others.</summary>
    public static WebhookEventFilter Default { get; } = new([Standard], WebhookEventTypes.Standard);

    /// <summary>As they were given.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Whether any extended event is among them.</summary>
    public bool WantsExtended { get; }

    /// <summary>Whether the endpoint wants <paramref name="eventType"/>.</summary>
    public bool Includes(int eventType) => _numbers.Contains(eventType);

    /// <summary>
    /// Reads names: <c>standard</c>, a number of the contract, a type of notification, a group of them (<c>seat.*</c>), or
    /// <c>*</c> for everything. None at all means <c>standard</c>.
    /// </summary>
    /// <param name="names">The names.</param>
    /// <param name="filter">What they stand for.</param>
    /// <param name="unknown">The first that is none, when the answer is false.</param>
    public static bool TryParse(IReadOnlyList<string> names, out WebhookEventFilter filter, out string unknown)
    {
        filter = Default;
        unknown = "";
        if (names.Count == 0)
        {
            return true;
        }

        var numbers = new HashSet<int>();
        foreach (string name in names)
        {
            int[] meant = NumbersOf(name);
            numbers.UnionWith(meant);
            if (meant.Length == 0)
            {
                unknown = name;
                return false;
            }
        }

        filter = new WebhookEventFilter([.. names], numbers);
        return true;
    }

    private static int[] NumbersOf(string name)
    {
        var extended = WebhookEventTypes.Extended;
        if (name == Standard)
        {
            return [.. WebhookEventTypes.Standard];
        }

        if (name == Everything)
        {
            return [.. WebhookEventTypes.Standard, .. extended.Values];
        }

        if (name.EndsWith(GroupEnd, StringComparison.Ordinal))
        {
            return [.. extended.Where(type => type.Key.StartsWith(name[..^1], StringComparison.Ordinal)).Select(type => type.Value)];
        }

        return extended.TryGetValue(name, out int number) ? [number]
            : [.. WebhookEventTypes.Standard.Where(standard => $"{standard}" == name)];
    }
}
