using System.Collections.Immutable;
using Dais.Rooms.Layouts;

namespace Dais.Rooms.Tests.Layouts;

public sealed class StageLayoutTests
{
    private const double Tolerance = 1e-9;

    public static TheoryData<int, int> Stages { get; } = [.. from template in new[] { 2, 200, 400, 600, 601, 602, 800, 801 }
                                                             from count in Enumerable.Range(0, 19)
                                                             select (template, count)];

    [Theory]
    [MemberData(nameof(Stages))]
    public void Everybody_is_drawn_within_the_canvas(int template, int count)
    {
        var regions = Draw(template, count);

        Assert.Equal(count, regions.Length);
        Assert.All(regions, region =>
        {
            Assert.True(region is { X: >= 0, Y: >= 0, Width: > 0.05, Height: > 0.05 });
            Assert.True(region.X + region.Width <= 1 + Tolerance);
            Assert.True(region.Y + region.Height <= 1 + Tolerance);
        });
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void Nobody_covers_anybody_of_the_same_order(int template, int count)
    {
        var regions = Draw(template, count);
        for (int one = 0; one < regions.Length; one++)
        {
            for (int other = one + 1; other < regions.Length; other++)
            {
                Assert.False(Overlap(regions[one], regions[other]), $"{one} and {other} overlap in template {template} of {count}.");
            }
        }
    }

    [Theory]
    [InlineData(200, 1280, 720)]
    [InlineData(599, 1280, 720)]
    [InlineData(600, 720, 1280)]
    [InlineData(999, 720, 1280)]
    public void The_template_says_how_the_canvas_lies(int template, int width, int height) =>
        Assert.Equal(new Canvas(width, height), StageLayout.CanvasOf(template));

    [Fact]
    public void Two_hosts_stand_side_by_side_in_the_landscape_template_for_two()
    {
        Assert.Equal([new Region(0, 0, 0.5, 1, 0), new Region(0.5, 0, 0.5, 1, 0)], Draw(400, 2));
        Assert.Equal(Draw(400, 2)[0], Assert.Single(Draw(400, 1)));
        Assert.Equal(Draw(200, 3), Draw(400, 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public void Voices_are_squares_of_one_size(int count)
    {
        var regions = Draw(2, count);

        Assert.Single(regions.Select(region => region.Width).Distinct());
        Assert.All(regions, region => Assert.Equal(region.Width * 720, region.Height * 1280, 6));
    }

    [Fact]
    public void An_unknown_template_draws_the_dynamic_grid() => Assert.Equal(Draw(600, 4), Draw(700, 4));

    [Fact]
    public void A_fixed_template_draws_each_seat_in_its_cell() =>
        Assert.Equal(StageLayout.Regions(800, [0, 5])[1], StageLayout.Regions(800, [5])[0]);

    [Fact]
    public void A_fixed_template_without_a_cell_for_a_seat_draws_everybody_in_the_grid() =>
        Assert.Equal(StageLayout.Regions(600, [0, 8]), StageLayout.Regions(801, [0, 8]));

    [Fact]
    public void In_the_floating_template_the_host_fills_the_canvas_and_guests_float_on_it()
    {
        var regions = Draw(601, 3);
        Assert.Equal(new Region(0, 0, 1, 1, 0), regions[0]);
        Assert.True(regions[1].Y > regions[2].Y);
        Assert.All(regions[1..], region => Assert.Equal(1, region.ZOrder));
    }

    private static ImmutableArray<Region> Draw(int template, int count) =>
        StageLayout.Regions(template, [.. Enumerable.Range(0, count)]);

    private static bool Overlap(Region one, Region other) =>
        one.ZOrder == other.ZOrder
        && one.X + one.Width > other.X + Tolerance && other.X + other.Width > one.X + Tolerance
        && one.Y + one.Height > other.Y + Tolerance && other.Y + other.Height > one.Y + Tolerance;
}
