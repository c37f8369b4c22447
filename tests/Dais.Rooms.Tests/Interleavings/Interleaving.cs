using System.Collections.Immutable;
using Dais.Rooms.Audience;
using Dais.Rooms.Guests;
using Dais.Rooms.Seats;
using static Dais.Rooms.RoomEvent;

namespace Dais.Rooms.Tests.Interleavings;

/// <summary>
/// Two actors who know nothing of each other: every order in which a room can hear what they do. The scenario checks
/// the room's promises after each command, among them that every request ends once.
/// </summary>
internal static class Interleaving
{
    /// <summary>Runs every order and compares what came of each, as <see cref="Run"/> puts it.</summary>
    internal static void Check(Func<Scenario> given, Actor first, Actor second, params string[] expected)
    {
        string[] actual = [.. Orders(first, second).Select(order => Run(given(), order))];
        Assert.Equal(expected, actual);
    }

    /// <summary>Every merge of the two scripts that keeps the order of each; the first actor's steps come first first.</summary>
    internal static IEnumerable<ImmutableArray<(Actor Actor, Step Step)>> Orders(Actor first, Actor second) => Orders([], first, 0, second, 0);

    private static IEnumerable<ImmutableArray<(Actor Actor, Step Step)>> Orders(
        ImmutableArray<(Actor Actor, Step Step)> before, Actor first, int firstDone, Actor second, int secondDone)
    {
        if (firstDone == first.Steps.Length && secondDone == second.Steps.Length)
        {
            return [before];
        }

        IEnumerable<ImmutableArray<(Actor Actor, Step Step)>> orders = [];
        if (firstDone < first.Steps.Length)
        {
            orders = Orders(before.Add((first, first.Steps[firstDone])), first, firstDone + 1, second, secondDone);
        }

        return secondDone == second.Steps.Length
            ? orders
            : orders.Concat(Orders(before.Add((second, second.Steps[secondDone])), first, firstDone, second, secondDone + 1));
    }

    /// <summary>The answers in order | how requests ended, in order | who sits where in the end.</summary>
    private static string Run(Scenario room, ImmutableArray<(Actor Actor, Step Step)> order)
    {
        List<string> answers = [];
        List<string> ends = [];
        foreach (var (actor, step) in order)
        {
            if (step.Command is null)
            {
                room.Pass(step.Seconds);
            }
            else
            {
                room.When(step.Command);
                ends.AddRange(room.Events.Select(TellEnd).OfType<string>());
            }

            answers.Add(actor.Tell(step, room.Last.Error));
        }

        return $"{string.Join(", ", answers)} | {string.Join(", ", ends)} | {Tell(room.Room)}";
    }

    private static string? TellEnd(RoomEvent happened) => happened switch
    {
        ApplicationEnded ended => TellEnd(ended.Request, ended.Outcome, ended.By, ended.Error),
        InvitationEnded ended => TellEnd(ended.Request, ended.Outcome, ended.By, ended.Error),
        SeatLeft left => $"{left.User.Id} {left.Reason}{TellBy(left.By)}",
        Ended ended => $"room ended {ended.Reason}",
        _ => null,
    };

    private static string TellEnd(SeatRequest request, RequestOutcome outcome, User? by, RoomError? error) =>
        $"{request.User.Id} {outcome}{(error is null ? "" : $" ({error})")}{TellBy(by)}";

    private static string TellBy(User? by) => by is null ? "" : $" by {by.Id}";

    private static string Tell(Room room)
    {
        // The end of a room is the end of every request; nothing is open any more.
        string[] open = [.. room.Applications.Keys.Concat(room.Invitations.Keys).Select(user => $"{user}?")];
        return room.IsLive ? string.Join(' ', room.Seats.Select(Tell).Concat(open)) : "over";
    }

    private static string Tell(Seat seat) => $"{seat.Occupant?.User.Value ?? "-"}{(seat.Locked ? "(locked)" : "")}";
}
