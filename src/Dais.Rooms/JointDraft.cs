using System.Collections.Immutable;
using System.Diagnostics;
using Dais.Rooms.Connections;
using Dais.Rooms.Guests;

namespace Dais.Rooms;

/// <summary>A decision about several rooms in the making: a draft of each, and what happens to their connection.</summary>
internal sealed class JointDraft
{
    private readonly SortedDictionary<RoomId, Draft?> _drafts = new(RoomId.Order);
    private readonly ImmutableArray<LinkEvent>.Builder _linkEvents = ImmutableArray.CreateBuilder<LinkEvent>();
    private LinkId? _link;
    private long _linkHead;

    internal JointDraft(IReadOnlyDictionary<RoomId, Room?> rooms, WallClockTime now)
    {
        foreach (var (id, room) in rooms)
        {
            _drafts.Add(id, room is { IsLive: true } ? new Draft(room, now, this) : null);
        }
    }

    /// <summary>Whether <paramref name="room"/> was looked for, there or not.</summary>
    internal bool Knows(RoomId room) => _drafts.ContainsKey(room);

    /// <summary>The draft of <paramref name="room"/>, or null when it is not there.</summary>
    internal Draft? Find(RoomId room) => _drafts.GetValueOrDefault(room);

    /// <summary>Ends what has run out between rooms in hand, before anybody can answer it.</summary>
    internal void ExpireRequests()
    {
        foreach (var draft in _drafts.Values.OfType<Draft>())
        {
            HostRequest[] expired = [.. HostRequests.Expired(draft.Room, draft.Now).Where(request => Knows(request.To.RoomId))];
            foreach (var request in expired)
            {
                HostRequests.End(draft, request, RequestOutcome.TimedOut, null);
            }
        }
    }

    /// <summary>Something happens to a connection; a decision is never about two.</summary>
    /// <param name="link">The connection.</param>
    /// <param name="head">How many events it has before.</param>
    /// <param name="happened">What happens.</param>
    /// <returns>How many events it has after it.</returns>
    internal long Happen(LinkId link, long head, params ReadOnlySpan<LinkEvent> happened)
    {
        Debug.Assert(_link is null || (_link == link && head == _linkHead + _linkEvents.Count), "One connection, without a gap.");
        if (_link is null)
        {
            _link = link;
            _linkHead = head;
        }

        _linkEvents.AddRange(happened);
        return _linkHead + _linkEvents.Count;
    }

    internal JointDecision Complete(Draft answering, RoomError? error)
    {
        var answer = answering.Complete(error);
        if (!answer.Needs.IsEmpty)
        {
            return new JointDecision { Answer = answer };
        }

        var events = ImmutableSortedDictionary.CreateBuilder<RoomId, ImmutableArray<RoomEvent>>(RoomId.Order);
        foreach (var (id, draft) in _drafts)
        {
            if (draft is null)
            {
                continue;
            }

            var happened = draft == answering ? answer.Events : draft.Complete(null).Events;
            if (!happened.IsEmpty)
            {
                events.Add(id, happened);
            }
        }

        return new JointDecision
        {
            Answer = answer,
            Events = events.ToImmutable(),
            Link = _link is { } link ? new LinkChange(link, _linkHead, _linkEvents.ToImmutable()) : null,
        };
    }
}
