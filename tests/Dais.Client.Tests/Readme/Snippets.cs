using Dais.Client.Admin;
using Dais.Client.Media;

namespace Dais.Client.Tests.Readme;

/// <summary>The code of <c>docs/csharp.md</c>, compiled. <see cref="ReadmeTests"/> holds the page against it.</summary>
internal static class Snippets
{
    internal static async Task WatchAsync(string token)
    {
        await using var client = new DaisClient(new DaisClientOptions { Url = new Uri("https://live.example.org"), Token = token });
        await client.ConnectAsync();

        // Watch: the state is the room as the last event left it, and events come in order.
        var room = await client.JoinRoomAsync("kitchen");
        using var subscription = await room.SubscribeAsync();
        await foreach (var happened in room.ReadEvents())
        {
            Console.WriteLine($"{happened.GetType().Name}: {room.State.Room.Stage.Length} on stage");
        }
    }

    internal static async Task ComeOnStageAsync(Room room, byte[] opusFrame, byte[] videoFrame, TimeSpan timestamp)
    {
        var publication = await room.PublishAsync(new MediaPublicationOptions());
        await room.ApplyForSeatAsync(timeout: TimeSpan.FromSeconds(60));
        await publication.WaitConnectedAsync();
        publication.SendAudio(opusFrame, timestamp);
        publication.SendVideo(videoFrame, timestamp);
    }

    internal static async Task ListRoomsAsync(string secret)
    {
        using var admin = new DaisAdmin(new DaisAdminOptions { Url = new Uri("https://live.example.org"), Secret = secret });
        await foreach (var entry in admin.ListRoomsAsync())
        {
            Console.WriteLine($"{entry.RoomId}: {entry.AudienceCount} watch");
        }
    }
}
