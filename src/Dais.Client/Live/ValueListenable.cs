using System.Collections.Immutable;

namespace Dais.Client.Live;

/// <summary>A value that can be looked at and listened to. Listeners are called after it has changed, one change at a time.</summary>
/// <typeparam name="T">The value.</typeparam>
public sealed class ValueListenable<T>
{
    private readonly IEqualityComparer<T> _comparer;
    private ImmutableArray<Action> _listeners = [];
    private T _value;

    internal ValueListenable(T value, IEqualityComparer<T>? comparer = null)
    {
        _value = value;
        _comparer = comparer ?? EqualityComparer<T>.Default;
    }

    /// <summary>The value now.</summary>
    public T Value
    {
        get => _value;
        internal set => Listeners.CallAll(Change(value));
    }

    /// <summary>Takes a value over, and gives who is to be called: for values that change together before anybody is told.</summary>
    internal ImmutableArray<Action> Change(T value)
    {
        if (_comparer.Equals(_value, value))
        {
            return [];
        }

        _value = value;
        return _listeners;
    }

    /// <summary>Calls <paramref name="listener"/> after every later change.</summary>
    public void AddListener(Action listener) => ImmutableInterlocked.Update(ref _listeners, static (all, added) => all.Add(added), listener);

    /// <summary>No longer calls <paramref name="listener"/>; one that is not there changes nothing.</summary>
    public void RemoveListener(Action listener) =>
        ImmutableInterlocked.Update(ref _listeners, static (all, gone) => all.Remove(gone), listener);
}

/// <summary>Compares lists by what is in them.</summary>
internal sealed class ListComparer<T> : IEqualityComparer<ImmutableArray<T>>
{
    public static ListComparer<T> Default { get; } = new();

    public bool Equals(ImmutableArray<T> left, ImmutableArray<T> right) => left.SequenceEqual(right);

    public int GetHashCode(ImmutableArray<T> list) => list.Length;
}

/// <summary>The listeners of a facade; each is told although another threw.</summary>
internal sealed class ListenerList<T>
    where T : class
{
    private ImmutableArray<T> _listeners = [];

    public void Add(T listener) => ImmutableInterlocked.Update(ref _listeners, static (all, added) => all.Add(added), listener);

    public void Remove(T listener) => ImmutableInterlocked.Update(ref _listeners, static (all, gone) => all.Remove(gone), listener);

    public void Tell(Action<T> tell) => Listeners.CallAll([.. _listeners.Select(listener => (Action)(() => tell(listener)))]);
}

/// <summary>Calls who listens.</summary>
internal static class Listeners
{
    /// <summary>Calls each, although another threw; what was thrown comes together at the end.</summary>
    public static void CallAll(ImmutableArray<Action> calls)
    {
        List<Exception> thrown = [];
        foreach (var call in calls)
        {
            try
            {
                call();
            }
            catch (Exception exception)
            {
                thrown.Add(exception);
            }
        }

        if (thrown.Count > 0)
        {
            throw new AggregateException(thrown);
        }
    }
}
