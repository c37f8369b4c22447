using System.Collections.Concurrent;

namespace Dais.Client.Live;

/// <summary>The facades of one client: one of each kind for each live, as their users expect.</summary>
internal sealed class LiveStoreTable
{
    private readonly ConcurrentDictionary<(Type Kind, string LiveId), Lazy<object>> _stores = new();

    /// <summary>The store of <paramref name="liveId"/>, made by <paramref name="create"/> the first time.</summary>
    public TStore Get<TStore>(string liveId, Func<TStore> create)
        where TStore : class =>
        (TStore)_stores.GetOrAdd((typeof(TStore), liveId), _ => new Lazy<object>(create)).Value;
}
