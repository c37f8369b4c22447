using Dais.Rtc;

namespace Dais.Sfu.Allocation;

/// <summary>
/// Divides what passes to one viewer among the pictures it watches: sound is given first, then each picture its lowest layer in the order of
/// the slots, then each in turn its next higher one while there is room. Allocates nothing.
/// </summary>
/// <remarks>
/// Going down is decided at once, going up against more reserve and not soon after the last time it failed, so that a path whose estimate
/// breathes does not make pictures flap. Only a paused picture in its lowest encoding need not wait so long, once it is measured that far
/// more passes: a receiver that was busy for a moment looks like a path that passes nothing. The lowest layer that is being sent is held on
/// to while the estimate falls short of it by no more than <see cref="Shortfall"/>: an estimate is cautious after a decrease. Below that a
/// picture would only fill queues and take sound with it, so it is paused.
/// </remarks>
internal sealed class Allocator
{
    /// <summary>No layer: the picture is paused.</summary>
    public const int None = -1;

    /// <summary>How much more than its cost must pass before something is added.</summary>
    public const double Reserve = 1.15;

    /// <summary>How much of the cost of what is shown already must pass: the estimate keeps below what does.</summary>
    public const double Shortfall = 0.7;

    /// <summary>The same for what is shown above the lowest, while no queue says that it does not pass.</summary>
    public const double ShortfallAbove = 0.8;

    /// <summary>How many times its cost must be measured to pass before the lowest encoding is added sooner than others.</summary>
    public const double Ample = 2;

    /// <summary>The share of the wait which that takes all the same: so it does not flap either.</summary>
    private const double AmpleWait = 0.125;

    /// <summary>After the set was made smaller nothing is added for so long, and longer each time it did not last.</summary>
    private static readonly TimeSpan WaitMin = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(16);

    /// <summary>What was added so lately is the reason when too much is sent.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    /// <summary>A set that lasted so long was no mistake.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(20);

    private TimeSpan _wait = WaitMin;
    private Timestamp _notUpBefore;
    private Timestamp _lastUp;
    private bool _hasGoneUp;

    /// <summary>What everything that is wished for would cost, with sound; in bits per second.</summary>
    public long Wanted { get; private set; }

    /// <summary>Whether the last decision left something out that was wished for.</summary>
    public bool IsShort { get; private set; }

    /// <summary>Whether the last decision would have added something if more were proven.</summary>
    public bool IsHeldBack { get; private set; }

    /// <summary>What the last decision has left over, in bits per second.</summary>
    public long Spare { get; private set; }

    /// <summary>Decides.</summary>
    /// <param name="wishes">What is wished for, the most important first.</param>
    /// <param name="layers">The layers of all pictures.</param>
    /// <param name="sound">What sound takes, in bits per second.</param>
    /// <param name="path">What is believed to pass.</param>
    /// <param name="now">The present.</param>
    /// <param name="decisions">Gets a layer per wish, or <see cref="None"/>.</param>
    public void Allocate(
        ReadOnlySpan<PictureWish> wishes, ReadOnlySpan<PictureLayer> layers, long sound, PathBelief path, Timestamp now, Span<int> decisions)
    {
        decisions[..wishes.Length].Fill(None);
        Wanted = sound + Wish(wishes, layers);
        long pictures = path.Estimate is { } known ? Math.Max(0, known - sound) : long.MaxValue / 4;
        var terms = new Terms(
            Available: pictures,
            MayRise: path.Estimate is null || now >= _notUpBefore,
            MayReturn: path.IsProven && !path.IsFull && _notUpBefore - now <= _wait * (1 - AmpleWait),
            path.IsProven,
            // Whoever has just gone up goes back first: others may share the path.
            Shortfall: path.IsFull || (!path.IsBurst && _hasGoneUp && now - _lastUp < Fresh) ? 1 : ShortfallAbove);
        IsHeldBack = false;
        long spent = 0;
        // Rounds: in the first each picture gets its lowest layer, in each further one its next.
        bool any = true;
        while (any)
        {
            any = false;
            for (int i = 0; i < wishes.Length; i++)
            {
                any |= TryRaise(wishes[i], layers, terms, ref spent, ref decisions[i]);
            }
        }

        Spare = Math.Max(0, pictures - spent);
        Remember(wishes, layers, decisions, now);
    }

    /// <summary>The highest layer of use for a wish: the lowest that is as high as the place it is shown in; None without any.</summary>
    internal static int Useful(in PictureWish wish, ReadOnlySpan<PictureLayer> layers)
    {
        if (wish.IsPaused || wish.LayerCount == 0)
        {
            return None;
        }

        var own = layers.Slice(wish.FirstLayer, wish.LayerCount);
        int highest = own.Length - 1;
        for (int i = 0; i < own.Length && wish.MaxHeight > 0; i++)
        {
            if (own[i].Height >= wish.MaxHeight)
            {
                // All temporal layers of that encoding.
                while (i + 1 < own.Length && own[i + 1].Spatial == own[i].Spatial)
                {
                    i++;
                }

                highest = i;
                break;
            }
        }

        // Layers nobody sends at the moment cannot be shown; the lowest may just be about to begin.
        while (highest > 0 && own[highest].Bitrate == 0)
        {
            highest--;
        }

        return highest;
    }

    private static long Wish(ReadOnlySpan<PictureWish> wishes, ReadOnlySpan<PictureLayer> layers)
    {
        long sum = 0;
        foreach (var wish in wishes)
        {
            int useful = Useful(wish, layers);
            sum += useful == None ? 0 : layers[wish.FirstLayer + useful].Bitrate;
        }

        return sum;
    }

    private bool TryRaise(in PictureWish wish, ReadOnlySpan<PictureLayer> layers, in Terms terms, ref long spent, ref int decision)
    {
        int next = decision + 1;
        if (next > Useful(wish, layers))
        {
            return false;
        }

        long before = decision == None ? 0 : layers[wish.FirstLayer + decision].Bitrate;
        long total = spent - before + layers[wish.FirstLayer + next].Bitrate;
        bool fits = next <= wish.Current
            // The lowest is held on to longer than the others.
            ? total * (next == 0 ? Shortfall : terms.Shortfall) <= terms.Available
            : terms.MayRise ? total * Reserve <= terms.Available
            : terms.MayReturn && total * Ample <= terms.Available && layers[wish.FirstLayer + next].Spatial == layers[wish.FirstLayer].Spatial;
        bool isHeldBack = fits && !terms.IsProven && next > Math.Max(0, wish.Current);
        IsHeldBack |= isHeldBack;
        if (!fits || isHeldBack)
        {
            return false;
        }

        spent = total;
        decision = next;
        return true;
    }

    private void Remember(ReadOnlySpan<PictureWish> wishes, ReadOnlySpan<PictureLayer> layers, ReadOnlySpan<int> decisions, Timestamp now)
    {
        IsShort = false;
        bool isLess = false;
        for (int i = 0; i < wishes.Length; i++)
        {
            int useful = Useful(wishes[i], layers);
            IsShort |= decisions[i] < useful;
            isLess |= decisions[i] < Math.Min(useful, wishes[i].Current);
            if (decisions[i] > wishes[i].Current)
            {
                _lastUp = now;
                _hasGoneUp = true;
            }
        }

        if (isLess)
        {
            bool failed = _hasGoneUp && now - _lastUp < Lasting && _notUpBefore != default;
            _wait = failed ? (_wait * 2 < WaitMax ? _wait * 2 : WaitMax) : WaitMin;
            _notUpBefore = now + _wait;
        }
    }

    /// <summary>What decides about every layer of all pictures.</summary>
    /// <param name="Available">What passes for pictures, in bits per second.</param>
    /// <param name="MayRise">Whether something may be added.</param>
    /// <param name="MayReturn">Whether the lowest encoding may be, if far more passes than it takes.</param>
    /// <param name="IsProven">Whether what passes was measured lately.</param>
    /// <param name="Shortfall">How much of the cost of what is shown above the lowest must pass.</param>
    private readonly record struct Terms(long Available, bool MayRise, bool MayReturn, bool IsProven, double Shortfall);
}
