using Dais.Simulation.Scenarios;

namespace Dais.Sfu.Tests.Simulations;

/// <summary>
/// What viewers see and hear on ways that lose, delay and narrow. The bounds hold for every seed here; what is usual is better, and in docs/media.md.
/// </summary>
public sealed class PathTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("perfect", 0, 100, 0, 0)]
    [InlineData("1 % loss", 0, 150, 0, 0.02)]
    [InlineData("5 % loss", 0, 180, 0, 0.09)]
    [InlineData("10 % loss", 3, 300, 700, 0.18)]
    [InlineData("20 % loss", 40, 1100, 9000, 0.3)]
    [InlineData("bursts of 5 packets, 4 % lost", 6, 1100, 2000, 0.1)]
    [InlineData("bursts of 20 packets, 4 % lost", 15, 1600, 4500, 0.2)]
    [InlineData("jitter up to 30 ms", 0, 150, 0, 0)]
    [InlineData("jitter up to 100 ms", 0, 180, 0, 0.01)]
    [InlineData("5 % turned around", 0, 150, 0, 0.05)]
    [InlineData("5 % doubled", 0, 100, 0, 0)]
    [InlineData("all of it: 3 % loss, bursts, jitter, turned around, doubled", 5, 300, 1200, 0.11)]
    [InlineData("round trip 300 ms", 0, 100, 0, 0)]
    [InlineData("round trip 300 ms, 5 % loss", 40, 1100, 15_000, 0.1)]
    [InlineData("5 % loss before the worker", 1, 200, 200, 0.08)]
    public void Pictures_go_on(string name, int freezes, int longestMilliseconds, int frozenMilliseconds, double repeats)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            var figures = Run(name, seed);
            string told = $"seed {seed}: {figures.Row}";

            Assert.True(figures.Freezes <= freezes, told);
            Assert.True(figures.LongestGap <= Milliseconds(longestMilliseconds), told);
            Assert.True(figures.Frozen <= Milliseconds(frozenMilliseconds), told);
            Assert.True(figures.RepeatShare <= repeats, told);
            Assert.True(figures.PaddingShare <= 0.02, told);
            Assert.True(figures.Pauses == 0, told);
            Assert.True(figures.QueueLong == TimeSpan.Zero, told);
        }
    }

    [Theory]
    [InlineData("5 % loss")]
    [InlineData("5 % loss before the worker")]
    [InlineData("5 % loss, sound with red")]
    [InlineData("5 % loss, sound asked for again")]
    public void With_5_percent_lost_each_way_and_60_ms_there_and_back_no_picture_stands_for_200_ms(string name)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            var figures = Run(name, seed);

            Assert.True(figures.LongestGap <= Milliseconds(200), $"seed {seed}: {figures.Row}");
        }
    }

    [Theory]
    [InlineData("perfect", 0, 0)]
    [InlineData("jitter up to 30 ms", 0, 0)]
    [InlineData("5 % loss, sound with red", 0.01, 60)]
    [InlineData("10 % loss, sound with red", 0.02, 60)]
    [InlineData("5 % loss, sound with in-band FEC", 0.01, 60)]
    [InlineData("5 % loss, sound asked for again", 0.015, 60)]
    [InlineData("10 % loss, sound asked for again", 0.04, 100)]
    public void Sound_has_no_hole_that_cannot_be_concealed(string name, double share, int longestMilliseconds)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            var figures = Run(name, seed);

            Assert.True(figures.Sound.Share <= share, $"seed {seed}: {figures.Row}");
            Assert.True(figures.Sound.LongestHole <= Milliseconds(longestMilliseconds), $"seed {seed}: {figures.Row}");
        }
    }

    [Theory]
    [InlineData("3 to 1 Mbit/s, picture of 0.85", 0, 0, 300)]
    // A picture that alone is more than passes stays away.
    [InlineData("3 to 1 Mbit/s, picture of 2.2", 1, 40_000, 300)]
    [InlineData("3 Mbit/s, 300 kbit/s after 15 s, 3 Mbit/s after 35 s", 1, 8_000, 600)]
    public void A_path_that_narrows_makes_no_long_queue(string name, int pauses, int recoveryMilliseconds, int queueMilliseconds)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            var figures = Run(name, seed);
            string told = $"seed {seed}: {figures.Row}";

            Assert.True(figures.LongestQueue <= Milliseconds(queueMilliseconds), told);
            Assert.True(figures.QueueLong <= Milliseconds(400), told);
            Assert.True(figures.Pauses == pauses, told);
            Assert.True(figures.Recovery <= Milliseconds(recoveryMilliseconds), told);
            Assert.True(figures.Sound.LongestHole <= Milliseconds(200), told);
        }
    }

    [Fact]
    public void The_estimate_is_of_the_path_within_ten_seconds_where_the_path_is_little_wider_than_the_picture()
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            var figures = Run("1.2 Mbit/s for 0.85", seed);

            Assert.InRange(figures.EstimateShare(Milliseconds(10_000), Milliseconds(20_000))!.Value, 0.85, 1.15);
            Assert.InRange(figures.EstimateShare(Milliseconds(20_000), Milliseconds(60_000))!.Value, 0.85, 1.15);
        }
    }

    [Theory]
    [InlineData("perfect", 100)]
    [InlineData("round trip 300 ms", 100)]
    [InlineData("join 4 s after a keyframe", 100)]
    [InlineData("join 1 s after a keyframe on 1.2 Mbit/s", 100)]
    [InlineData("three encodings, join on 300 kbit/s", 150)]
    public void A_connected_viewer_has_its_first_picture_soon_and_no_queue_from_it(string name, int milliseconds)
    {
        var figures = Run(name, 1);

        Assert.True(figures.FirstPicture <= Milliseconds(milliseconds), figures.Row);
        Assert.True(figures.LongestQueue <= Milliseconds(300), figures.Row);
    }

    [Fact]
    public void A_viewer_that_joins_a_path_narrower_than_the_only_encoding_has_a_queue_for_a_moment_and_then_only_sound()
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            var figures = Run("join on 500 kbit/s for 0.85", seed);

            Assert.True(figures.LongestQueue <= Milliseconds(500), figures.Row);
            Assert.True(figures.QueueLong <= Milliseconds(450), figures.Row);
            Assert.True(figures.Sound.LongestHole <= Milliseconds(150), figures.Row);
        }
    }

    [Fact]
    public void A_thin_a_lossy_and_a_fat_viewer_do_not_touch_each_other()
    {
        var fat = new PathScenario("fat") { ToViewer = PathScenarios.Good, Duration = TimeSpan.FromSeconds(30) };
        var figures = PathRun.RunTogether(
            [
                fat,
                fat with { Name = "thin", ToViewer = PathScenarios.Good with { RateBitsPerSecond = 300_000 } },
                fat with { Name = "lossy", ToViewer = PathScenarios.Good with { Loss = 0.1 } },
            ],
            shareLine: false,
            seed: 1);

        Show(figures);
        Assert.True(figures[0] is { Freezes: 0, RepeatShare: 0 }, figures[0].Row);
        Assert.Equal(900, figures[0].Pictures, 20.0);
        Assert.Equal(900, figures[2].Pictures, 20.0);
        // The thin one hears.
        Assert.InRange(figures[1].Sound.Share, 0, 0.05);
        Assert.True(figures[1].QueueLong < Milliseconds(2000), figures[1].Row);
    }

    [Fact]
    public void Two_viewers_behind_one_line_share_it()
    {
        var one = new PathScenario("one")
        {
            ToViewer = PathScenarios.Good with { RateBitsPerSecond = 2_200_000, QueueBytesMax = 200_000 },
        };
        var figures = PathRun.RunTogether([one, one with { Name = "other" }], shareLine: true, seed: 1);

        Show(figures);
        double estimate = figures[0].EstimateShare(Milliseconds(10_000), Milliseconds(60_000))!.Value;
        double other = figures[1].EstimateShare(Milliseconds(10_000), Milliseconds(60_000))!.Value;
        Assert.InRange(estimate / other, 0.5, 2);
        Assert.All(figures, viewer => Assert.True(viewer.Pictures > 1700 && viewer.QueueLong == TimeSpan.Zero, viewer.Row));
    }

    [Fact]
    public void Equal_seeds_give_equal_figures()
    {
        Assert.Equal(Run("10 % loss", 7).Row, Run("10 % loss", 7).Row);
        Assert.NotEqual(Run("10 % loss", 7).Row, Run("10 % loss", 8).Row);
    }

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private PathFigures Run(string name, int seed)
    {
        var figures = PathRun.Run(PathScenarios.All.Concat(PathScenarios.Layered).Single(scenario => scenario.Name == name), seed);
        Show([figures]);
        return figures;
    }

    private void Show(PathFigures[] figures)
    {
        foreach (var row in figures)
        {
            output.WriteLine(row.Row);
        }
    }
}
