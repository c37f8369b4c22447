using System.Collections.Immutable;
using Dais.Rooms.Audience;
using Dais.Rooms.Connections;
using Dais.Rooms.Guests;

namespace Dais.Rooms.Tests.Connections;

/// <summary>Several live rooms in a test, each of a host called like it: commands go in at the scenario's time.</summary>
internal sealed class RoomsScenario
{
    private readonly TestRooms _rooms = new();
    private int _links;

    internal WallClockTime Now { get; private set; } = new(1_000_000);

    internal JointDecision Last { get; private set; } = null!;

    internal IReadOnlyDictionary<LinkId, Link> Links => _rooms.Links;

    internal Room this[string room] => _rooms.Rooms[new RoomId(room)];

    internal static RoomsScenario Live(params string[] rooms) => new RoomsScenario().And(new RoomSettings(), rooms);

    internal static RoomId Id(string room) => new(room);

    internal static RoomCommand.RequestConnection Ask(params string[] targets) => AskFor(30, targets);

    /// <summary>A request of the backend, which may do everything.</summary>
    internal static RoomCommand.RequestConnection AskFor(int seconds, params string[] targets) => new(
        null,
        [.. targets.Select(target => new HostRequestTarget(new RoomId(target), new RequestId("")))],
        600,
        TimeSpan.FromSeconds(seconds),
        "",
        new LinkId(""));

    internal static RoomCommand.AcceptConnection Accept(string from) => new(null, new RoomId(from), new LinkId(""));

    /// <summary>More live rooms, of these settings.</summary>
    internal RoomsScenario And(RoomSettings settings, params string[] rooms) => And(settings, new RoomOptions(), rooms);

    internal RoomsScenario And(RoomSettings settings, RoomOptions options, params string[] rooms)
    {
        foreach (string room in rooms)
        {
            _rooms.Add(Room.Unstarted(new RoomId(room), options));
            Given(room, new RoomCommand.Start(
                Scenario.Named(room), settings, Scenario.Connection(room), ClientPlatform.Web));
        }

        return this;
    }

    /// <summary>Connects rooms, in this order.</summary>
    internal RoomsScenario Connect(string first, params string[] others)
    {
        foreach (string other in others)
        {
            Given(first, Ask(other)).Given(other, Accept(first));
        }

        return this;
    }

    /// <summary>What has already happened; it must be allowed.</summary>
    internal RoomsScenario Given(string room, RoomCommand command)
    {
        When(room, command);
        Assert.Null(Last.Answer.Error);
        Assert.All(Last.Answer.Results.Values, result => Assert.Equal(HostRequestResult.Sent, result));
        return this;
    }

    internal RoomsScenario When(string room, RoomCommand command)
    {
        Last = _rooms.Execute(new RoomId(room), WithIds(room, command), Now);
        _rooms.TellOfHosts(Now);
        _rooms.VerifyHistory();
        return this;
    }

    /// <summary>Time passes, and the given rooms are told.</summary>
    internal RoomsScenario After(double seconds, params string[] ticking)
    {
        Pass(seconds);
        foreach (string room in ticking)
        {
            When(room, new RoomCommand.Tick());
        }

        return this;
    }

    /// <summary>Time passes, and no room has looked at the clock yet.</summary>
    internal RoomsScenario Pass(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    internal ImmutableArray<RoomEvent> EventsOf(string room) => Last.Events.GetValueOrDefault(new RoomId(room), []);

    internal TEvent Single<TEvent>(string room)
        where TEvent : RoomEvent => Assert.Single(EventsOf(room).OfType<TEvent>());

    /// <summary>Exactly these kinds of events, in this order.</summary>
    internal RoomsScenario Happened(string room, params Type[] kinds)
    {
        Assert.Equal(kinds, EventsOf(room).Select(happened => happened.GetType()));
        return this;
    }

    internal void Refused(RoomError error)
    {
        Assert.Equal(error, Last.Answer.Error);
        Assert.Empty(Last.Events);
    }

    /// <summary>The request ended like this, once in each of these rooms.</summary>
    internal RoomsScenario Ended(RequestOutcome outcome, params string[] rooms)
    {
        foreach (string room in rooms)
        {
            Assert.Equal(outcome, Single<RoomEvent.HostRequestEnded>(room).Outcome);
        }

        return this;
    }

    /// <summary>What became of the request to <paramref name="target"/>.</summary>
    internal HostRequestResult ResultOf(string target) => Last.Answer.Results[new RoomId(target)];

    /// <summary>Who is connected with a room, itself included, in the order in which they came; nothing when nobody.</summary>
    internal string[] MembersOf(string room) =>
        [.. this[room].Connection?.Members.Select(member => member.RoomId.Value) ?? []];

    /// <summary>Who is on the stage of a room, by the room they sit in, in stage order.</summary>
    internal string[] StageOf(string room) => [.. this[room].Stage.Select(entry => entry.RoomId.Value)];

    private RoomCommand WithIds(string room, RoomCommand command) => command switch
    {
        RoomCommand.RequestConnection ask => ask with
        {
            Targets = [.. ask.Targets.Select(target => target with { Request = new RequestId($"{room} to {target.Room} #{++_links}") })],
            NewLink = NewLink(),
        },
        RoomCommand.AcceptConnection accept => accept with { NewLink = NewLink() },
        _ => command,
    };

    private LinkId NewLink() => new($"link {++_links}");
}
