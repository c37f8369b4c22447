using System.Collections.Immutable;
using System.Text.Json;
using Dais.Protocol;

namespace Dais.Client.Live;

/// <summary>What kind of barrage it is.</summary>
public enum BarrageType
{
    /// <summary>Something to read.</summary>
    Text = 0,

    /// <summary>Something for the application.</summary>
    Custom = 1,
}

/// <summary>A message in a live.</summary>
/// <param name="LiveId">The live.</param>
/// <param name="Sender">Who sent it.</param>
/// <param name="Sequence">Its place in the live: later ones have higher numbers.</param>
/// <param name="TimestampInSecond">When it was sent, in seconds since the Unix epoch.</param>
/// <param name="MessageType">What kind it is.</param>
/// <param name="TextContent">What to read; empty for a custom one.</param>
/// <param name="Extension">What came with a text, as it came; empty for nothing.</param>
/// <param name="BusinessId">Which of the application's messages it is; empty for a text.</param>
/// <param name="Data">What the application makes of it; empty for a text.</param>
public sealed record Barrage(
    string LiveId,
    User Sender,
    long Sequence,
    long TimestampInSecond,
    BarrageType MessageType,
    string TextContent,
    string Extension,
    string BusinessId,
    string Data)
{
    /// <summary>What came with a text, when it is a table of texts; empty otherwise.</summary>
    public ImmutableDictionary<string, string> ExtensionInfo
    {
        get
        {
            try
            {
                using var table = JsonDocument.Parse(Extension);
                return table.RootElement.ValueKind != JsonValueKind.Object
                    ? []
                    : table.RootElement.EnumerateObject()
                        .Where(entry => entry.Value.ValueKind == JsonValueKind.String)
                        .GroupBy(entry => entry.Name, StringComparer.Ordinal)
                        .ToImmutableDictionary(entries => entries.Key, entries => entries.Last().Value.GetString()!);
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                return [];
            }
        }
    }
}

/// <summary>What is heard of barrages; set what you want to hear.</summary>
public sealed record BarrageListener
{
    /// <summary>Someone has sent one, this user included.</summary>
    public Action<Barrage>? OnBarrageReceived { get; init; }
}

/// <summary>What is written in a live, in the words of barrage stores. One for each live.</summary>
public sealed class BarrageStore
{
    private readonly ListenerList<BarrageListener> _listeners = new();
    private readonly LiveBinding _live;

    private BarrageStore(DaisClient client, string liveId)
    {
        _live = new LiveBinding(client, liveId, Show, Tell);
        client.RoomEntered += room => Load(room, liveId);
        client.Post(() => Load(client.FindRoom(liveId), liveId));
    }

    /// <summary>The latest messages, at most 50, the latest last; those from before this user came are among them.</summary>
    public ValueListenable<ImmutableArray<Barrage>> MessageList { get; } = new([], ListComparer<Barrage>.Default);

    /// <summary>The store of a live, the same for every call.</summary>
    /// <param name="liveId">The live.</param>
    /// <param name="client">Whose view; by default the user's of <see cref="LoginStore.Shared"/>.</param>
    public static BarrageStore Create(string liveId, DaisClient? client = null)
    {
        var user = LoginStore.ClientOr(client);
        return user.Stores.Get(liveId, () => new BarrageStore(user, liveId));
    }

    /// <summary>Sends a text.</summary>
    /// <param name="text">1 to 2,000 characters.</param>
    /// <param name="extensionInfo">What comes with it; at most 8 KiB as JSON.</param>
    public Task<CompletionHandler> SendTextMessage(string text, IReadOnlyDictionary<string, string>? extensionInfo = null) =>
        _live.CallAsync(room => room.SendMessageAsync(text, data: extensionInfo is null ? null : ToJson(extensionInfo)));

    /// <summary>Sends something of the application's own.</summary>
    /// <param name="businessId">Which of its messages it is.</param>
    /// <param name="data">Up to 8 KiB.</param>
    public Task<CompletionHandler> SendCustomMessage(string businessId, string data) =>
        _live.CallAsync(room => room.SendCustomMessageAsync(data, businessId));

    /// <summary>Adds a listener.</summary>
    public void AddBarrageListener(BarrageListener listener) => _listeners.Add(listener);

    /// <summary>Removes a listener; one that is not there changes nothing.</summary>
    public void RemoveBarrageListener(BarrageListener listener) => _listeners.Remove(listener);

    private static void Load(Room? room, string liveId)
    {
        if (room?.RoomId == liveId)
        {
            // A live shows its messages all the same when those from before cannot be had.
            _ = CompletionHandler.OfAsync(() => room.LoadMessagesAsync());
        }
    }

    private void Show(RoomState? state) =>
        MessageList.Value = state is null ? [] : [.. state.Messages.Select(message => BarrageOf(state.Room.RoomId, message))];

    private void Tell(RoomNotification happened, RoomState state)
    {
        if (happened is RoomNotification.MessageReceived received)
        {
            var barrage = BarrageOf(state.Room.RoomId, received.ToMessage());
            _listeners.Tell(listener => listener.OnBarrageReceived?.Invoke(barrage));
        }
    }

    private static Barrage BarrageOf(string liveId, RoomMessage message)
    {
        bool isText = message.Kind == MessageKind.Text;
        string data = message.Data ?? "";
        return new Barrage(
            liveId,
            message.From,
            message.Seq,
            message.At / 1000,
            isText ? BarrageType.Text : BarrageType.Custom,
            message.Text ?? "",
            isText ? data : "",
            isText ? "" : message.CustomType ?? "",
            isText ? "" : data);
    }

    private static string ToJson(IReadOnlyDictionary<string, string> table)
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in table)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(output.ToArray());
    }
}
