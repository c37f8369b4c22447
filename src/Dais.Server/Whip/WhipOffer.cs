using System.Globalization;
using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Rtc.Sdp;
using Dais.Server.Rest;
using Dais.Server.Signaling;
using Microsoft.Net.Http.Headers;
using SeatRequest = Dais.Rooms.Guests.SeatRequest;

namespace Dais.Server.Whip;

/// <summary>What is asked for with a session.</summary>
/// <param name="Kind">Which way media goes.</param>
/// <param name="RoomId">The room.</param>
/// <param name="Caller">Who asks.</param>
/// <param name="Sdp">The offer.</param>
/// <param name="Sections">How many sections of the offer carry media the way of <paramref name="Kind"/>.</param>
/// <param name="Seat">The seat the query names; <see cref="SeatRequest.AnySeat"/> for any, null for none.</param>
public sealed record WhipOffer(WhipKind Kind, string RoomId, WhipCaller Caller, string Sdp, int Sections, int? Seat)
{
    /// <summary>The media type of offers and answers.</summary>
    public const string MediaType = "application/sdp";

    private const int SeatIndexMax = 99;

    /// <summary>Reads the offer of a call; gives it, or why not.</summary>
    public static async Task<(WhipOffer? Offer, Problem? Refusal)> ReadAsync(HttpContext context, WhipKind kind, SignalingContext signaling)
    {
        // 1. What the call says of itself.
        var request = context.Request;
        if (!IsOf(request, MediaType))
        {
            return (null, Problem.Of(RestErrors.SdpExpected, detail: $"Send the offer as {MediaType}."));
        }

        if (!AcceptsSdp(request))
        {
            return (null, Problem.Of(RestErrors.NotAcceptable));
        }

        string roomId = RestBody.IdOf((string)request.RouteValues["roomId"]!);
        if (new RoomParams(roomId).InvalidField() is { } field)
        {
            return (null, Problem.Of(ErrorCodes.InvalidParams, field));
        }

        if (!TryReadSeat(request, kind, out int? seat))
        {
            return (null, Problem.Of(ErrorCodes.InvalidParams, "seat"));
        }

        // 2. Who asks.
        var (caller, refusal) = WhipCaller.Of(context, kind, signaling);
        if (caller is null)
        {
            return (null, refusal);
        }

        if (!caller.Identity.MayEnter(roomId))
        {
            return (null, Problem.Of(ErrorCodes.NoPermission, detail: "The token is good for another room."));
        }

        // 3. The offer.
        string sdp = await ReadTextAsync(request);
        if (!SessionDescription.TryParse(sdp, SdpLimits.Default, out var description, out string? problem))
        {
            return (null, Problem.Of(ErrorCodes.InvalidParams, "offer", problem));
        }

        return (new WhipOffer(kind, roomId, caller, sdp, description!.Media.Count(media => IsWanted(media, kind)), seat), null);
    }

    /// <summary>Reads a body; how long it may be, the gate has set.</summary>
    public static async Task<string> ReadTextAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        return await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
    }

    /// <summary>Whether the body is of <paramref name="mediaType"/>, whatever its parameters.</summary>
    public static bool IsOf(HttpRequest request, string mediaType) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>The refusal of an offer that is well formed.</summary>
    public static Problem Refuse(CallRefusal refusal) =>
        refusal.Code == ErrorCodes.InvalidParams && refusal.Field == "offer"
            ? Problem.Of(RestErrors.OfferNotUsable, "offer", refusal.Detail)
            : Problem.Of(refusal.Code, refusal.Field, refusal.Detail);

    /// <summary>The refusal of an offer that could be answered in part only (RFC 9725 §4.4.3); null when <paramref name="taken"/> sections are all.</summary>
    public Problem? RefusalUnlessWhole(int taken) => taken == Sections
        ? null
        : Problem.Of(
            RestErrors.OfferNotUsable,
            "offer",
            $"Of the {Sections} media sections {taken} can be taken: one of sound (Opus) and one of pictures (VP8, H.264, VP9, AV1).");

    internal static bool AcceptsSdp(HttpRequest request) =>
        !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        || accepted.Count == 0
        || accepted.Any(type => type.Quality is not 0 && (type.MatchesAllTypes
            || type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals("application/*", StringComparison.OrdinalIgnoreCase)));

    internal static bool TryReadSeat(HttpRequest request, WhipKind kind, out int? seat)
    {
        seat = null;
        if (request.Query["seat"] is not [{ Length: > 0 } text, ..])
        {
            return true;
        }

        if (kind == WhipKind.Whip && text == "any")
        {
            seat = SeatRequest.AnySeat;
            return true;
        }

        bool isIndex = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index <= SeatIndexMax;
        seat = index;
        return isIndex;
    }

    private static bool IsWanted(MediaDescription media, WhipKind kind) =>
        !media.IsRejected
        && media.Kind is "audio" or "video"
        && (media.Direction == MediaDirection.SendReceive
            || media.Direction == (kind == WhipKind.Whip ? MediaDirection.SendOnly : MediaDirection.ReceiveOnly));
}
