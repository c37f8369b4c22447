using System.Collections.Immutable;

namespace Dais.Rtc.Sdp;

/// <summary>Gathers the payload formats of one media section, whose lines may come in any order.</summary>
internal sealed class SdpFormats(SdpLimits limits)
{
    private const int PayloadTypeMax = 127;
    private const int FeedbackMax = 32;

    private readonly List<Format> _formats = [];
    private readonly List<string> _feedbackOfAll = [];

    /// <summary>Reads the payload types at the end of a media line.</summary>
    public string? ReadPayloadTypes(ReadOnlySpan<char> value)
    {
        foreach (var range in value.Split(' '))
        {
            if (value[range].IsEmpty)
            {
                continue;
            }

            if (_formats.Count == limits.FormatsMax)
            {
                return $"there are more than {limits.FormatsMax} payload formats.";
            }

            if (!SdpSection.TryParseNumber(value[range], PayloadTypeMax, out int payloadType))
            {
                return "a payload type is no number from 0 to 127.";
            }

            if (Find(payloadType) is not null)
            {
                return $"the payload type {payloadType} stands twice.";
            }

            _formats.Add(new Format { PayloadType = (byte)payloadType });
        }

        return null;
    }

    /// <summary>Reads an rtpmap (RFC 8866 §6.6).</summary>
    public string? ReadMap(ReadOnlySpan<char> value)
    {
        if (!TrySplit(value, out var format, out var map))
        {
            return "an rtpmap has a payload type and an encoding.";
        }

        Span<Range> parts = stackalloc Range[3];
        int count = map.Split(parts, '/');
        int channels = 1;
        if (count < 2
            || !SdpSection.IsToken(map[parts[0]])
            || !SdpSection.TryParseNumber(map[parts[1]], int.MaxValue, out int clockRate)
            || (count == 3 && !SdpSection.TryParseNumber(map[parts[2]], 255, out channels)))
        {
            return "an encoding is of the form name/clock or name/clock/channels.";
        }

        if (format is not null)
        {
            format.EncodingName = map[parts[0]].ToString();
            format.ClockRate = clockRate;
            format.Channels = channels;
        }

        return null;
    }

    /// <summary>Reads format parameters (RFC 8866 §6.15).</summary>
    public string? ReadParameters(ReadOnlySpan<char> value)
    {
        if (!TrySplit(value, out var format, out var parameters))
        {
            return "format parameters have a payload type in front.";
        }

        format?.Parameters = parameters.ToString();
        return null;
    }

    /// <summary>Reads a kind of feedback (RFC 4585 §4.2), of one payload type or of all (*).</summary>
    public string? ReadFeedback(ReadOnlySpan<char> value)
    {
        Format? format = null;
        bool all = value.StartsWith("* ", StringComparison.Ordinal);
        var feedback = all ? value[2..] : default;
        if (!all && !TrySplit(value, out format, out feedback))
        {
            return "feedback has a payload type in front.";
        }

        var list = all ? _feedbackOfAll : format?.Feedback;
        if (list?.Count == FeedbackMax)
        {
            return $"a payload type has more than {FeedbackMax} kinds of feedback.";
        }

        list?.Add(feedback.ToString());
        return null;
    }

    public ImmutableArray<PayloadFormat> Build()
    {
        var built = ImmutableArray.CreateBuilder<PayloadFormat>(_formats.Count);
        foreach (var format in _formats)
        {
            built.Add(new PayloadFormat(
                format.PayloadType,
                format.EncodingName,
                format.ClockRate,
                format.Channels,
                format.Parameters,
                [.. format.Feedback, .. _feedbackOfAll]));
        }

        return built.MoveToImmutable();
    }

    /// <summary>
    /// Splits "payloadType rest"; the format is null when the media line does not list the payload type.
    /// </summary>
    private bool TrySplit(ReadOnlySpan<char> value, out Format? format, out ReadOnlySpan<char> rest)
    {
        format = null;
        rest = default;
        int space = value.IndexOf(' ');
        if (space < 0 || !SdpSection.TryParseNumber(value[..space], PayloadTypeMax, out int payloadType))
        {
            return false;
        }

        format = Find(payloadType);
        rest = value[(space + 1)..].Trim();
        return true;
    }

    private Format? Find(int payloadType)
    {
        foreach (var format in _formats)
        {
            if (format.PayloadType == payloadType)
            {
                return format;
            }
        }

        return null;
    }

    private sealed class Format
    {
        public byte PayloadType { get; init; }

        public string EncodingName { get; set; } = "";

        public int ClockRate { get; set; }

        public int Channels { get; set; } = 1;

        public string Parameters { get; set; } = "";

        public List<string> Feedback { get; } = [];
    }
}
