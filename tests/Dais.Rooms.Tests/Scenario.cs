using System.Collections.Immutable;
using Dais.Rooms.Audience;
using Dais.Rooms.Guests;
using Dais.Rooms.Tests.Properties;

namespace Dais.Rooms.Tests;

/// <summary>
/// A room in a test: commands go in at the scenario's time, and the events of the last one can be looked at. Whatever
/// happens, the room's promises are checked.
/// </summary>
internal sealed class Scenario
{
    private readonly RoomLedger _ledger = new();

    internal static readonly User Host = Named("host");

    private Scenario(Room room) => Room = room;

    internal Room Room { get; private set; }

    internal WallClockTime Now { get; private set; } = new(1_000_000);

    internal Decision Last { get; private set; }

    internal ImmutableArray<RoomEvent> Events => Last.Events;

    internal static User Named(string id) => new(new UserId(id), $"Name of {id}", "");

    internal static UserId Id(string id) => new(id);

    internal static ConnectionId Connection(string user, int number = 1) => new($"{user}#{number}");

    /// <summary>A room that nobody has started.</summary>
    internal static Scenario Unstarted(RoomOptions? options = null) => new(Room.Unstarted(new RoomId("room"), options ?? new RoomOptions()));

    /// <summary>A live room of "host", joined by the given users.</summary>
    internal static Scenario Live(params string[] users) => Live(new RoomSettings(), users);

    internal static Scenario Live(RoomSettings settings, params string[] users) => Live(settings, new RoomOptions(), users);

    internal static Scenario Live(RoomSettings settings, RoomOptions options, params string[] users)
    {
        var scenario = Unstarted(options).Given(new RoomCommand.Start(Host, settings, Connection("host"), ClientPlatform.Web));
        foreach (string user in users)
        {
            scenario.Given(Join(user));
        }

        return scenario;
    }

    internal static RoomCommand.Join Join(string user, int connection = 1, bool asAdmin = false) =>
        new(Named(user), Connection(user, connection), ClientPlatform.Web, asAdmin);

    internal static RoomCommand.Disconnect Disconnect(string user, int connection = 1) => new(Id(user), Connection(user, connection));

    internal static RoomCommand.Leave Leave(string user, int connection = 1) => new(Id(user), Connection(user, connection));

    internal static RoomCommand.ApplyForSeat Apply(
        string user, int seat = SeatRequest.AnySeat, int timeoutSeconds = 60, string? id = null) =>
        new(Id(user), seat, TimeSpan.FromSeconds(timeoutSeconds), new RequestId(id ?? $"request of {user}"), "");

    internal static RoomCommand.InviteToSeat Invite(
        string user, int seat = SeatRequest.AnySeat, string by = "host", string? id = null) =>
        new(Id(by), Id(user), seat, TimeSpan.FromSeconds(60), new RequestId(id ?? $"invitation of {user}"), "");

    internal static RoomCommand.AcceptApplication Accept(string user, string by = "host") => new(Id(by), Id(user));

    internal static RoomCommand.KickOffSeat KickOffSeat(string user, string by = "host") => new(Id(by), Id(user));

    /// <summary>What has already happened; it must be allowed.</summary>
    internal Scenario Given(params RoomCommand[] commands)
    {
        foreach (var command in commands)
        {
            When(command);
            Assert.Null(Last.Error);
        }

        return this;
    }

    /// <summary>Users who sit, on the lowest free seats.</summary>
    internal Scenario GivenSeated(params string[] users)
    {
        foreach (string user in users)
        {
            Given(Apply(user), Accept(user));
        }

        return this;
    }

    internal Scenario When(RoomCommand command)
    {
        Last = Room.Decide(command, Now);
        foreach (var happened in Last.Events)
        {
            _ledger.Record(Room, happened, Now);
            Room = Room.Apply(happened);
        }

        _ledger.Verify(Room);
        return this;
    }

    /// <summary>Time passes, and the room is told.</summary>
    internal Scenario After(double seconds) => Pass(seconds).When(new RoomCommand.Tick());

    /// <summary>Time passes, and the room has not looked at the clock yet.</summary>
    internal Scenario Pass(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    internal void Refused(RoomError error)
    {
        Assert.Equal(error, Last.Error);
        Assert.Empty(Events);
    }

    /// <summary>Exactly these kinds of events, in this order.</summary>
    internal Scenario Happened(params Type[] kinds)
    {
        Assert.Null(Last.Error);
        Assert.Equal(kinds, Events.Select(happened => happened.GetType()));
        return this;
    }

    internal void NothingHappened()
    {
        Assert.Null(Last.Error);
        Assert.Empty(Events);
    }

    internal TEvent Single<TEvent>()
        where TEvent : RoomEvent => Assert.Single(Events.OfType<TEvent>());

    internal Scenario SeatIs(string user, int? index)
    {
        Assert.Equal(index, Room.SeatOf(Id(user))?.Index);
        return this;
    }
}
