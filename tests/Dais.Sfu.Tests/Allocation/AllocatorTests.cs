using Dais.Rtc;
using Dais.Sfu.Allocation;

namespace Dais.Sfu.Tests.Allocation;

public sealed class AllocatorTests
{
    private const int Sound = 50_000;

    /// <summary>Three encodings of one picture.</summary>
    private static readonly PictureLayer[] Simulcast = [new(0, 0, 180, 150_000), new(1, 0, 360, 500_000), new(2, 0, 720, 1_500_000)];

    private readonly Allocator _allocator = new();

    [Theory]
    // Nothing fits, then each step from nothing, with the reserve.
    [InlineData(60_000, -1)]
    [InlineData(200_000, -1)]
    [InlineData(230_000, 0)]
    [InlineData(600_000, 0)]
    [InlineData(630_000, 1)]
    [InlineData(1_700_000, 1)]
    [InlineData(1_780_000, 2)]
    [InlineData(20_000_000, 2)]
    public void One_picture_gets_the_highest_layer_that_fits(long estimate, int expected) =>
        Assert.Equal([expected], Allocate(estimate, Simulcast, Wish(0)));

    [Theory]
    // What is shown stays down to its cost, and the lowest a good deal below it.
    [InlineData(1_560_000, 2, 2)]
    [InlineData(1_500_000, 2, 1)]
    [InlineData(560_000, 1, 1)]
    [InlineData(540_000, 1, 0)]
    [InlineData(160_000, 0, 0)]
    [InlineData(150_000, 0, -1)]
    public void What_is_shown_stays_while_it_fits(long estimate, int current, int expected) =>
        Assert.Equal([expected], Allocate(estimate, Simulcast, Wish(0, current: current)));

    [Theory]
    [InlineData(0, 2)]
    [InlineData(90, 0)]
    [InlineData(180, 0)]
    [InlineData(181, 1)]
    [InlineData(360, 1)]
    [InlineData(720, 2)]
    [InlineData(2160, 2)]
    public void A_small_place_gets_no_large_picture(int maxHeight, int expected) =>
        Assert.Equal([expected], Allocate(10_000_000, Simulcast, Wish(0, maxHeight: maxHeight)));

    [Fact]
    public void A_hidden_picture_gets_nothing_and_costs_nothing()
    {
        Assert.Equal([-1], Allocate(10_000_000, Simulcast, Wish(0) with { IsPaused = true }));
        Assert.Equal(Sound, _allocator.Wanted);
        Assert.False(_allocator.IsShort);
    }

    [Theory]
    // Two pictures: each its lowest first, then in turn, the first in front.
    [InlineData(150_000, -1, -1)]
    [InlineData(300_000, 0, -1)]
    [InlineData(500_000, 0, 0)]
    [InlineData(900_000, 1, 0)]
    [InlineData(1_300_000, 1, 1)]
    [InlineData(2_400_000, 2, 1)]
    [InlineData(3_600_000, 2, 2)]
    public void Pictures_take_turns(long estimate, int first, int second) =>
        Assert.Equal([first, second], Allocate(estimate, [.. Simulcast, .. Simulcast], Wish(0), Wish(3)));

    [Fact]
    public void Without_an_estimate_everything_is_shown() =>
        Assert.Equal([2, 2], Allocate(null, [.. Simulcast, .. Simulcast], Wish(0), Wish(3)));

    [Theory]
    [InlineData(1_100_000, 0)]
    [InlineData(800_000, 0)]
    [InlineData(700_000, -1)]
    [InlineData(100_000, -1)]
    public void A_picture_of_one_layer_is_held_down_to_a_floor_and_then_paused(long estimate, int expected) =>
        Assert.Equal([expected], Allocate(estimate, [new PictureLayer(0, 0, 720, 1_000_000)], Wish(0, layers: 1, current: 0)));

    [Fact]
    public void Sound_comes_first()
    {
        int[] decisions = new int[1];

        _allocator.Allocate([Wish(0)], Simulcast, sound: 500_000, new PathBelief(600_000, true, false, true), At(0), decisions);

        Assert.Equal([-1], decisions);
    }

    [Fact]
    public void A_picture_that_has_just_been_paused_does_not_come_back_at_once()
    {
        PictureLayer[] one = [new(0, 0, 720, 1_000_000)];
        Assert.Equal([-1], Allocate(500_000, one, At(1), Wish(0, layers: 1, current: 0)));
        Assert.True(_allocator.IsShort);

        Assert.Equal([-1], Allocate(3_000_000, one, At(2), Wish(0, layers: 1)));
        Assert.Equal([0], Allocate(3_000_000, one, At(3.1), Wish(0, layers: 1)));
    }

    [Fact]
    public void Each_return_that_fails_makes_the_next_wait_longer()
    {
        PictureLayer[] one = [new(0, 0, 720, 1_000_000)];
        int changes = 0;
        int current = 0;
        for (int i = 0; i < 600; i++)
        {
            // The estimate breathes over a picture's cost with every step.
            long estimate = i % 2 == 0 ? 500_000 : 1_500_000;
            int next = Allocate(estimate, one, At(i * 0.2), Wish(0, layers: 1, current: current))[0];
            changes += next != current ? 1 : 0;
            current = next;
        }

        // Two minutes.
        Assert.InRange(changes, 4, 24);
    }

    [Theory]
    // Four seconds of waiting are left out but for an eighth; the next encoding takes them all.
    [InlineData(0.4, 2_000_000, true, false, -1)]
    [InlineData(0.6, 2_000_000, true, false, 0)]
    [InlineData(3.9, 2_000_000, true, false, 0)]
    [InlineData(4.1, 2_000_000, true, false, 2)]
    // Not by a guess, nor with a queue, nor where it would just fit.
    [InlineData(0.6, 2_000_000, false, false, -1)]
    [InlineData(0.6, 2_000_000, true, true, -1)]
    [InlineData(0.6, 340_000, true, false, -1)]
    [InlineData(0.6, 360_000, true, false, 0)]
    public void A_paused_picture_comes_back_soon_when_far_more_is_measured_to_pass_than_it_takes(
        double seconds, long estimate, bool isProven, bool isFull, int expected)
    {
        int[] decisions = new int[1];
        // The second decrease is soon after the first return: the wait is doubled.
        Allocate(60_000, Simulcast, At(0), Wish(0, current: 0));
        Allocate(2_000_000, Simulcast, At(3), Wish(0));
        Assert.Equal([-1], Allocate(60_000, Simulcast, At(10), Wish(0, current: 2)));

        _allocator.Allocate([Wish(0)], Simulcast, Sound, new PathBelief(estimate, isFull, false, isProven), At(10 + seconds), decisions);

        Assert.Equal([expected], decisions);
    }

    [Fact]
    public void A_layer_nobody_sends_is_not_chosen()
    {
        PictureLayer[] layers = [Simulcast[0], Simulcast[1], Simulcast[2] with { Bitrate = 0 }];

        Assert.Equal([1], Allocate(10_000_000, layers, Wish(0)));
    }

    [Fact]
    public void Temporal_layers_are_steps_like_others()
    {
        PictureLayer[] layers = [new(0, 0, 360, 200_000), new(0, 1, 360, 300_000), new(1, 0, 720, 800_000), new(1, 1, 720, 1_200_000)];

        Assert.Equal([1], Allocate(500_000, layers, Wish(0, layers: 4)));
        Assert.Equal([2], Allocate(1_000_000, layers, Wish(0, layers: 4)));
        Assert.Equal([1], Allocate(5_000_000, layers, Wish(0, layers: 4, maxHeight: 360)));
    }

    [Fact]
    public void Whatever_comes_the_set_fits_and_nothing_throws()
    {
        var random = new Random(3);
        for (int run = 0; run < 5000; run++)
        {
            PictureLayer[] layers = [.. Enumerable.Range(0, 12).Select(i => new PictureLayer((byte)(i % 3), 0, 180 << (i % 3), (1 + (i % 3)) * random.Next(0, 700_000)))];
            PictureWish[] wishes = [.. Enumerable.Range(0, 4).Select(i => new PictureWish(i * 3, random.Next(4), random.Next(3) * 360, random.Next(5) == 0, random.Next(-1, 3)))];
            long estimate = random.Next(0, 4_000_000);
            int[] decisions = new int[4];

            _allocator.Allocate(wishes, layers, Sound, new PathBelief(estimate, true, false, true), At(run), decisions);

            long cost = wishes.Select((wish, i) => decisions[i] < 0 ? 0L : layers[wish.FirstLayer + decisions[i]].Bitrate).Sum();
            Assert.True(cost * Allocator.Shortfall <= Math.Max(0, estimate - Sound) + 1, $"{cost} of {estimate}");
            Assert.All(decisions, (decision, i) => Assert.InRange(decision, -1, wishes[i].LayerCount - 1));
        }
    }

    [Theory]
    // Nothing above the lowest is added that is not proven, but what was paused comes back.
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public void What_is_not_proven_is_not_begun_with(int current, int expected)
    {
        int[] decisions = new int[1];

        _allocator.Allocate([Wish(0, current: current)], Simulcast, Sound, new PathBelief(5_000_000, false, false, IsProven: false), At(0), decisions);

        Assert.Equal([expected], decisions);
        Assert.True(_allocator.IsHeldBack);
    }

    [Fact]
    public void Without_a_queue_what_is_shown_is_held_on_to_a_little_below_its_cost_unless_it_has_just_come()
    {
        int[] decisions = new int[1];
        _allocator.Allocate([Wish(0, current: 0)], Simulcast, Sound, new PathBelief(800_000, false, false, true), At(0), decisions);
        Assert.Equal([1], decisions);

        _allocator.Allocate([Wish(0, current: 1)], Simulcast, Sound, new PathBelief(500_000, false, false, true), At(2), decisions);
        Assert.Equal([0], decisions);
        _allocator.Allocate([Wish(0, current: 1)], Simulcast, Sound, new PathBelief(500_000, false, false, true), At(4), decisions);
        Assert.Equal([1], decisions);
        _allocator.Allocate([Wish(0, current: 1)], Simulcast, Sound, new PathBelief(500_000, true, false, true), At(5), decisions);
        Assert.Equal([0], decisions);
    }

    private static Timestamp At(double seconds) => new(1_000_000 + (long)(seconds * 1_000_000));

    private static PictureWish Wish(int firstLayer, int layers = 3, int maxHeight = 0, int current = Allocator.None) =>
        new(firstLayer, layers, maxHeight, false, current);

    private int[] Allocate(long? estimate, PictureLayer[] layers, params PictureWish[] wishes) => Allocate(estimate, layers, At(0), wishes);

    private int[] Allocate(long? estimate, PictureLayer[] layers, Timestamp now, params PictureWish[] wishes)
    {
        int[] decisions = new int[wishes.Length];
        _allocator.Allocate(wishes, layers, Sound, new PathBelief(estimate, IsFull: true, IsBurst: false, IsProven: true), now, decisions);
        return decisions;
    }
}
