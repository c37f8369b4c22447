using Dais.Client;
using Dais.Client.Admin;
using Dais.Protocol.Rest;

namespace Dais.Samples.Backend;

/// <summary>
/// Asks the server at the start what there is: webhooks tell only what happens from then on. What comes late tells of joins and leaves
/// in their order, so the board ends up right all the same.
/// </summary>
public sealed partial class BoardSeeder(DaisAdmin admin, AudienceBoard board, ILogger<BoardSeeder> logger) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var room in admin.ListRoomsAsync(cancellationToken))
            {
                await SeedAsync(room, cancellationToken);
            }
        }
        catch (DaisException refusal)
        {
            // It may be started later; then its webhooks tell everything.
            LogUnreachable(refusal.Name, refusal.Message);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task SeedAsync(RoomEntry room, CancellationToken cancellationToken)
    {
        var members = new List<BoardMember>();
        await foreach (var member in admin.ListMembersAsync(room.RoomId, cancellationToken))
        {
            members.Add(new BoardMember(member.User.UserId, member.SeatIndex is not null));
        }

        if ((await admin.CountMembersAsync(room.RoomId, cancellationToken)).HostPresent)
        {
            members.Add(new BoardMember(room.Owner.UserId, OnStage: true));
        }

        board.Seed(room.RoomId, members);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server does not answer: {Error} ({Reason})")]
    private partial void LogUnreachable(string error, string reason);
}
