using System.Collections.Immutable;
using Dais.Rooms.Seats;

namespace Dais.Rooms.Layouts;

/// <summary>Draws the stage: which template puts whom where.</summary>
public static class StageLayout
{
    private static readonly Canvas Portrait = new(720, 1280);
    private static readonly Canvas Landscape = new(1280, 720);

    /// <summary>The canvas of a template: landscape for 200 to 599, else portrait.</summary>
    public static Canvas CanvasOf(int templateId) => templateId is >= 200 and <= 599 ? Landscape : Portrait;

    /// <summary>The regions of people on stage, in their order. Every one is on the canvas, and nobody is left out.</summary>
    /// <param name="templateId">The template; an unknown one draws as 600, or as an even grid in landscape.</param>
    /// <param name="seats">The seats of those on stage, lowest first.</param>
    public static ImmutableArray<Region> Regions(int templateId, ReadOnlySpan<int> seats)
    {
        int count = seats.Length;
        return templateId switch
        {
            2 => [.. Enumerable.Range(0, count).Select(position => Templates.VoiceTiles(position, count))],
            400 when count <= 2 => [.. Enumerable.Range(0, count).Select(Templates.HalfAndHalf)],
            601 => [.. Enumerable.Range(0, count).Select(position => Templates.Float(position, count))],
            800 when Fits(seats, 9) => ByCell(seats, Templates.FixedGrid),
            801 when Fits(seats, 7) => ByCell(seats, Templates.LargeAndColumn),
            >= 200 and <= 599 => [.. Enumerable.Range(0, count).Select(position => Templates.EvenGrid(position, count))],
            _ => [.. Enumerable.Range(0, count).Select(position => Templates.DynamicGrid(position, count))],
        };
    }

    /// <summary>Everybody who sits, in the order of the seats; then the hosts of connected rooms who sit there, in the order in
    /// which the rooms came.</summary>
    internal static ImmutableArray<StageEntry> StageOf(Room room)
    {
        var seated = room.Seats.Where(seat => seat.Occupant is not null).ToArray();
        var remotes = room.Connection is null ? [] : room.Connection.Members.Where(member => member.Slot is not null).ToArray();
        var regions = Regions(room.StageTemplateId, CellsFor(seated, remotes.Length));
        var stage = ImmutableArray.CreateBuilder<StageEntry>(regions.Length);
        for (int position = 0; position < seated.Length; position++)
        {
            var occupant = seated[position].Occupant!.Value;
            var member = room.Members[occupant.User];
            stage.Add(new StageEntry(
                occupant.Slot,
                room.Id,
                seated[position].Index,
                member.User,
                member.Microphone,
                member.Camera,
                regions[position]));
        }

        foreach (var remote in remotes)
        {
            var facts = remote.Facts;
            stage.Add(new StageEntry(
                remote.Slot!.Value,
                remote.RoomId,
                facts.SeatIndex!.Value,
                facts.User,
                facts.Microphone,
                facts.Camera,
                regions[stage.Count]));
        }

        return stage.MoveToImmutable();
    }

    /// <summary>The seats as templates with a cell per seat see them: a remote host has none here, and gets the lowest free.</summary>
    private static int[] CellsFor(Seat[] seated, int remoteCount)
    {
        var cells = seated.Select(seat => seat.Index).ToList();
        for (int cell = 0; remoteCount > 0; cell++)
        {
            if (!cells.Contains(cell))
            {
                cells.Add(cell);
                remoteCount--;
            }
        }

        return [.. cells];
    }

    /// <summary>Whether a template with a fixed cell per seat has one for each; else the dynamic grid shows everybody.</summary>
    private static bool Fits(ReadOnlySpan<int> seats, int cells) => !seats.ContainsAnyInRange(cells, int.MaxValue);

    private static ImmutableArray<Region> ByCell(ReadOnlySpan<int> seats, Func<int, Region> cell)
    {
        var regions = ImmutableArray.CreateBuilder<Region>(seats.Length);
        foreach (int seat in seats)
        {
            regions.Add(cell(seat));
        }

        return regions.MoveToImmutable();
    }
}
