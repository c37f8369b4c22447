using Dais.Simulation.Scenarios;

namespace Dais.Sfu.Tests.Simulations;

/// <summary>
/// What viewers of a host with three encodings, of 150 and 500 kbit/s and 1.7 Mbit/s, see on ways that narrow. The bounds hold for every seed here.
/// </summary>
public sealed class LayeredPathTests(ITestOutputHelper output)
{
    private const int Low = 0;
    private const int Middle = 1;
    private const int High = 2;

    private static readonly TimeSpan End = TimeSpan.FromSeconds(60);

    /// <summary>As long is enough where nothing changes and much is to be simulated.</summary>
    private static readonly TimeSpan Half = End / 2;

    [Theory]
    [InlineData("three encodings", 0, 100)]
    [InlineData("three encodings, 5 % loss", 0, 200)]
    public void A_wide_path_shows_the_highest_within_two_seconds_and_every_picture_of_it(string name, int freezes, int longestMilliseconds)
    {
        foreach (var figures in Run(name))
        {
            Assert.True(figures.LayerShare(High, Seconds(2), End) == 1, figures.Row);
            Assert.True(figures.PicturesPerSecond(Seconds(2), End) > 29.5, figures.Row);
            Assert.True(figures.Freezes <= freezes && figures.LongestGap <= Milliseconds(longestMilliseconds), figures.Row);
            Assert.True(figures is { PaddingShare: < 0.02, RepeatShare: < 0.12, QueueLong.Ticks: 0 }, figures.Row);
        }
    }

    [Fact]
    public void After_a_drop_to_a_third_all_pictures_of_a_lower_encoding_come_within_a_second_and_no_queue_is_long()
    {
        foreach (var figures in Run("three encodings, 3 to 1 Mbit/s"))
        {
            Assert.True(figures.FullRateAfter(Seconds(20)) < Seconds(1), figures.Row);
            Assert.True(figures is { Freezes: 0, Pauses: 0 }, figures.Row);
            Assert.True(figures.LongestQueue <= Milliseconds(300), figures.Row);
            Assert.Equal(1, figures.LayerShare(Middle, Seconds(21.5), End), 0.05);
            Assert.InRange(figures.PicturesPerSecond(Seconds(21), End), 29, 31);
            Assert.InRange(figures.EstimateShare(Seconds(30), End)!.Value, 0.85, 1.15);
            Assert.True(figures is { PaddingShare: < 0.02, RepeatShare: < 0.01 }, figures.Row);
        }
    }

    [Fact]
    public void After_a_drop_to_a_tenth_the_lowest_is_shown_and_the_highest_comes_back_with_the_path()
    {
        foreach (var figures in Run("three encodings, 3 Mbit/s, 300 kbit/s after 15 s, 3 Mbit/s after 35 s"))
        {
            // What was sent until the first feedback came is more than a second of what passes then.
            Assert.True(figures.LongestQueue <= Milliseconds(1400), figures.Row);
            Assert.True(figures.FullRateAfter(Seconds(15)) < Seconds(2), figures.Row);
            Assert.True(figures.LongestGap <= Milliseconds(400), figures.Row);
            Assert.Equal(1, figures.LayerShare(Low, Seconds(17), Seconds(35)), 0.01);
            Assert.InRange(figures.EstimateShare(Seconds(25), Seconds(35))!.Value, 0.85, 1.15);
            Assert.True(figures.LayerShare(High, Seconds(45), End) > 0.99, figures.Row);
        }
    }

    [Fact]
    public void Joining_a_path_too_narrow_for_all_but_the_lowest_makes_no_queue()
    {
        foreach (var figures in Run("three encodings, join on 300 kbit/s"))
        {
            Assert.True(figures.FirstPicture < Milliseconds(150), figures.Row);
            Assert.True(figures is { Freezes: 0, Pauses: 0 }, figures.Row);
            Assert.True(figures.LongestQueue <= Milliseconds(300), figures.Row);
            Assert.Equal(1, figures.LayerShare(Low, TimeSpan.Zero, End), 0.01);
            Assert.InRange(figures.EstimateShare(Seconds(10), End)!.Value, 0.85, 1.15);
        }
    }

    [Fact]
    public void Of_four_people_on_a_narrow_path_the_large_one_gets_more_and_nobody_stands_still()
    {
        foreach (var figures in Run("four people in three encodings, one large, 1.5 Mbit/s", duration: Half))
        {
            Assert.Equal(1, figures.Places[0].LayerShare(Middle, Seconds(3), Half), 0.02);
            Assert.All(figures.Places.Skip(1), place => Assert.Equal(1, place.LayerShare(Low, Seconds(1), Half), 0.01));
            Assert.All(figures.Places, place => Assert.InRange(place.PicturesPerSecond(Seconds(2), Half), 29.5, 30.5));
            Assert.All(figures.Places, place => Assert.Equal(0, place.Freezes));
            Assert.True(figures.LongestQueue <= Milliseconds(300), figures.Row);
        }
    }

    [Fact]
    public void Each_viewer_of_one_host_gets_what_passes_to_it_and_the_fat_one_notices_nothing()
    {
        var fat = PathScenarios.Layered[0] with { Name = "fat", Duration = Seconds(30) };
        PathScenario[] viewers =
        [
            fat,
            fat with { Name = "middle", ToViewer = PathScenarios.Good with { RateBitsPerSecond = 1_000_000 } },
            fat with { Name = "thin", ToViewer = PathScenarios.Good with { RateBitsPerSecond = 300_000 } },
        ];

        var figures = PathRun.RunTogether(viewers, shareLine: false, seed: 1);

        Show(figures);
        for (int i = 0; i < figures.Length; i++)
        {
            Assert.True(figures[i].LayerShare(High - i, Seconds(3), Seconds(30)) > 0.98, figures[i].Row);
            Assert.InRange(figures[i].PicturesPerSecond(Seconds(3), Seconds(30)), 29, 31);
            Assert.True(figures[i] is { Freezes: 0, QueueLong.Ticks: 0 }, figures[i].Row);
        }

        var alone = PathRun.Run(fat, seed: 1);
        Assert.Equal(alone.Pictures, figures[0].Pictures, 5.0);
        Assert.True(figures[0].LongestGap <= Milliseconds(120), figures[0].Row);
    }

    [Fact]
    public void Large_keyframes_do_not_pass_for_a_path_that_is_full()
    {
        foreach (var figures in Run("three encodings with keyframes of 88 kB, 3 to 1 Mbit/s after 20 s, 3 Mbit/s after 35 s"))
        {
            Assert.True(figures.LayerShare(High, Seconds(10), Seconds(20)) == 1, figures.Row);
            Assert.True(figures.LayerShare(Middle, Seconds(22), Seconds(35)) == 1, figures.Row);
            Assert.True(figures.FullRateAfter(Seconds(20)) < Seconds(1), figures.Row);
            Assert.InRange(figures.EstimateShare(Seconds(25), Seconds(35))!.Value, 0.8, 1.2);
            // A keyframe of the middle one alone takes 270 ms of what passes.
            Assert.True(figures.LongestQueue <= Milliseconds(600) && figures.Pauses == 0, figures.Row);
        }
    }

    [Fact]
    public void Viewers_behind_one_line_that_is_too_narrow_for_what_they_want_see_everything_move()
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            var one = PathScenarios.Layered[0] with
            {
                Name = "one",
                ToViewer = PathScenarios.Good with { RateBitsPerSecond = 2_200_000, QueueBytesMax = 200_000, Jitter = Milliseconds(3) },
            };

            var figures = PathRun.RunTogether([one, one with { Name = "other" }], shareLine: true, seed);

            Show(figures);
            Assert.All(figures, viewer => Assert.True(viewer.Freezes == 0 && viewer.QueueLong <= Milliseconds(100), viewer.Row));
            Assert.All(figures, viewer => Assert.True(viewer.PicturesPerSecond(Seconds(2), End) > 25, viewer.Row));
            Assert.All(figures, viewer => Assert.True(viewer.LayerShare(Low, Seconds(2), End) < 0.7, viewer.Row));
        }
    }

    [Fact]
    public void What_is_believed_to_pass_to_viewers_is_summed_up()
    {
        var summary = default(EstimateSummary).With(null).With(300_000).With(300_001).With(2_000_000).With(3_000_001);

        Assert.Equal(new EstimateSummary(1, 1, 1, 1, 1, 5_600_002), summary);
        Assert.Equal((4, 1_400_000.5), (summary.Known, summary.Mean));
        Assert.Null(default(EstimateSummary).With(null).Mean);
    }

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private IEnumerable<PathFigures> Run(string name, TimeSpan? duration = null)
    {
        var scenario = PathScenarios.Layered.Single(scenario => scenario.Name == name) with { Duration = duration ?? End };
        for (int seed = 1; seed <= 3; seed++)
        {
            var figures = PathRun.Run(scenario, seed);
            Show(figures.Places);
            yield return figures;
        }
    }

    private void Show(IEnumerable<PathFigures> figures)
    {
        foreach (var row in figures)
        {
            output.WriteLine(row.Row);
        }
    }
}
