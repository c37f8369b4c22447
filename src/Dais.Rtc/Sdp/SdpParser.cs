using System.Collections.Immutable;
using System.Globalization;

namespace Dais.Rtc.Sdp;

/// <summary>
/// Splits a description into lines and sections; what a line means is <see cref="SdpSection"/>'s affair.
/// </summary>
internal sealed class SdpParser(SdpLimits limits)
{
    private readonly SdpSection _session = new(limits);
    private readonly List<SdpSection> _media = [];
    private SdpSection? _current;

    /// <summary>What is wrong with the description; null when nothing is.</summary>
    public string? Problem { get; private set; }

    public SessionDescription? Parse(string text)
    {
        if (text.Length > limits.LengthMax)
        {
            Problem = $"The description is longer than {limits.LengthMax} characters.";
            return null;
        }

        int number = 0;
        foreach (var rawLine in text.AsSpan().EnumerateSdpLines())
        {
            number++;
            if (number > limits.LinesMax)
            {
                Problem = $"The description has more than {limits.LinesMax} lines.";
                return null;
            }

            if (ReadLine(rawLine, number) is { } problem)
            {
                Problem = string.Create(CultureInfo.InvariantCulture, $"Line {number}: {problem}");
                return null;
            }
        }

        if (number == 0)
        {
            Problem = "The description is empty.";
            return null;
        }

        return Build();
    }

    private string? ReadLine(ReadOnlySpan<char> line, int number)
    {
        if (line.Length > limits.LineLengthMax)
        {
            return $"it is longer than {limits.LineLengthMax} characters.";
        }

        if (line.Length < 2 || line[1] != '=')
        {
            return "it is not of the form x=value.";
        }

        foreach (char character in line)
        {
            if (char.IsControl(character))
            {
                return "it holds a control character.";
            }
        }

        var value = line[2..];
        if (number == 1)
        {
            return line is "v=0" ? null : "a description begins with v=0.";
        }

        return line[0] switch
        {
            'm' => BeginMedia(value),
            'a' => (_current ?? _session).ReadAttribute(value),
            _ => null,
        };
    }

    private string? BeginMedia(ReadOnlySpan<char> value)
    {
        if (_media.Count == limits.MediaMax)
        {
            return $"there are more than {limits.MediaMax} media sections.";
        }

        _current = new SdpSection(limits);
        _media.Add(_current);
        return _current.ReadMediaLine(value);
    }

    private SessionDescription Build()
    {
        var media = ImmutableArray.CreateBuilder<MediaDescription>(_media.Count);
        foreach (var section in _media)
        {
            media.Add(section.Build(_session));
        }

        return new SessionDescription
        {
            IsIceLite = _session.IsIceLite,
            Bundle = _session.Bundle,
            Media = media.MoveToImmutable(),
        };
    }
}

/// <summary>Lines of a description.</summary>
internal static class SdpLines
{
    extension(ReadOnlySpan<char> text)
    {
        /// <summary>
        /// The lines, ended by LF or CR LF; the empty rest behind the last end is none (RFC 8866 §5).
        /// </summary>
        public LineEnumerator EnumerateSdpLines() => new(text);
    }

    internal ref struct LineEnumerator(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly LineEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            int end = _rest.IndexOf('\n');
            Current = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            if (Current is [.., '\r'])
            {
                Current = Current[..^1];
            }

            return true;
        }
    }
}
