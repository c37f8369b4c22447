using Dais.Simulation.Scenarios;

namespace Dais.Sfu.Tests.Simulations;

/// <summary>
/// What a host whose own way is narrow makes of the worker's feedback, and what a viewer on a good way sees of it. The bounds hold for every seed here.
/// </summary>
public sealed class UplinkTests(ITestOutputHelper output)
{
    [Fact]
    public void A_host_on_a_narrow_way_sends_what_passes_and_makes_no_long_queue()
    {
        foreach (var figures in Run("1 Mbit/s before the worker"))
        {
            Assert.InRange(figures.SentShare(Seconds(10), Seconds(31)), 0.85, 1.15);
            Assert.InRange(figures.LeastSecond(Seconds(10), Seconds(31)), 800_000, 1_150_000);
            Assert.True(figures.LongestQueue(Seconds(5), Seconds(32)) <= Milliseconds(200), figures.Row);
            Assert.True(figures.Viewer.Freezes == 0 && figures.Viewer.LongestGap <= Milliseconds(150), figures.Row);
            Assert.InRange(figures.Feedbacks / 32.0, 9, 21);
        }
    }

    [Fact]
    public void A_host_whose_way_narrows_and_widens_sends_less_at_once_and_more_soon_but_never_more_than_the_server_takes()
    {
        long ceiling = new SfuOptions().PublisherBitrateMax;
        foreach (var figures in Run("3, 1 and 3 Mbit/s before the worker"))
        {
            Assert.All(figures.Samples, sample => Assert.True(sample.At < Seconds(3) || sample.Target <= ceiling, figures.Row));
            Assert.InRange(figures.Sent(Seconds(6), Seconds(12)), 0.95 * ceiling, 1.02 * ceiling);
            Assert.InRange(figures.SentShare(Seconds(14), Seconds(23.9)), 0.85, 1.15);
            Assert.True(figures.LongestQueue(Seconds(12), Seconds(14)) <= Milliseconds(400), figures.Row);
            Assert.True(figures.LongestQueue(Seconds(14), Seconds(32)) <= Milliseconds(200), figures.Row);
            Assert.True(figures.ReachedAfter(Seconds(24), 0.95 * ceiling / 3_000_000) <= Seconds(6), figures.Row);
            Assert.True(figures.Viewer.Freezes == 0 && figures.Viewer.LongestGap <= Milliseconds(150), figures.Row);
        }
    }

    [Theory]
    [InlineData("3 Mbit/s before the worker, 5 % lost both ways", 2_500_000, 8, 350)]
    // The way is full, so that what is sent again waits as well.
    [InlineData("1 Mbit/s before the worker, 5 % lost both ways", 1_000_000, 16, 600)]
    public void Loss_and_lost_feedback_are_no_reason_to_send_less(string name, long passes, int freezes, int longestMilliseconds)
    {
        foreach (var figures in Run(name))
        {
            Assert.InRange(figures.Sent(Seconds(10), Seconds(31)), 0.85 * passes, 1.15 * passes);
            Assert.InRange(figures.LeastSecond(Seconds(10), Seconds(31)), 0.75 * passes, 1.15 * passes);
            Assert.True(figures.LongestQueue(Seconds(5), Seconds(32)) <= Milliseconds(200), figures.Row);
            Assert.True(figures.Viewer.Freezes <= freezes && figures.Viewer.LongestGap <= Milliseconds(longestMilliseconds), figures.Row);
            Assert.True(figures.Viewer.Pictures > 0.98 * 30 * 32, figures.Row);
        }
    }

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private IEnumerable<UplinkFigures> Run(string name)
    {
        var scenario = PathScenarios.Uplinks.Single(scenario => scenario.Name == name);
        for (int seed = 1; seed <= 3; seed++)
        {
            var figures = PathRun.RunUplink(scenario, seed);
            output.WriteLine(
                $"{figures.Row} after 24 s: {figures.ReachedAfter(Seconds(24), 0.79)?.TotalMilliseconds} ms; "
                + $"queue from 12 to 14 s: {figures.LongestQueue(Seconds(12), Seconds(14)).TotalMilliseconds:0} ms");
            yield return figures;
        }
    }
}
