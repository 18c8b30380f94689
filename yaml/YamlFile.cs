using System.Buffers;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Actors.Yaml;

/// <summary>
/// Reads one YAML document into nodes with positions. It accepts only what a configuration needs: no anchors or aliases (a few lines of them
/// can expand to gigabytes), no tags, no second document, no duplicate keys, and no huge files.
/// </summary>
internal static class YamlFile
{
    public const int MaxCharacters = 1024 * 1024;
    public const int MaxBytes = 4 * MaxCharacters;
    private const int MaxDepth = 32;

    /// <summary>Returns the top-level keys of the document; <see langword="null"/> if there are none, and then the problems say why.</summary>
    public static YamlMap? Parse(string text, YamlProblems problems)
    {
        var start = new Mark(1, 1);
        if (text.Length > MaxCharacters)
        {
            problems.Add(start, $"the file has {text.Length} characters; at most {MaxCharacters} are read");
            return null;
        }
        if (ControlCharacter(text) is { } control)
        {
            problems.Add(control, "there is a control character here, so this is not a text file");
            return null;
        }
        if (TabIndentation(text) is { } tab)
        {
            problems.Add(tab, "a tab is used for indentation; YAML allows spaces only");
            return null;
        }
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                problems.Add(start, "the file is empty");
                return null;
            }
            parser.Consume<DocumentStart>();
            var root = ReadNode(parser, problems, 0);
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out var second))
                problems.Add(MarkOf(second.Start), "a second document begins here ('---'); a file may contain only one");
            if (root is YamlMap map)
                return map;
            problems.Add(root.At, $"expected keys ('name: value'), found {root.Kind}");
        }
        catch (YamlException error)
        {
            problems.Add(MarkOf(error.Start), YamlSyntax.Explain(error.InnerException?.Message ?? error.Message));
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            // The parser throws these for some texts that are almost valid.
            problems.Add(start, "this is not YAML: brackets and indentation do not match; write one key per line");
        }
        catch (TooDeepException error)
        {
            problems.Add(error.At, $"nested deeper than {MaxDepth} levels");
        }
        return null;
    }

    private static YamlNode ReadNode(IParser parser, YamlProblems problems, int depth)
    {
        var current = parser.Current!;
        var at = MarkOf(current.Start);
        if (depth > MaxDepth)
            throw new TooDeepException(at);
        if (current is NodeEvent { Anchor.IsEmpty: false })
            problems.Add(at, "anchors ('&name') are not allowed; write the value where it is used (a value that starts with '&' must be in quotes)");
        if (current is NodeEvent { Tag.IsEmpty: false })
            problems.Add(at, "tags ('!name') are not allowed; a value that starts with '!' must be in quotes");
        if (parser.TryConsume<Scalar>(out var scalar))
            return new YamlText(at, scalar.Value);
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<YamlNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
                items.Add(ReadNode(parser, problems, depth + 1));
            return new YamlList(at, items);
        }
        if (parser.TryConsume<MappingStart>(out _))
            return ReadMap(parser, problems, at, depth);
        parser.Consume<AnchorAlias>();
        problems.Add(at, "aliases ('*name') are not allowed; write the value where it is used (a value that starts with '*' must be in quotes)");
        return new YamlText(at, "");
    }

    private static YamlMap ReadMap(IParser parser, YamlProblems problems, Mark at, int depth)
    {
        var entries = new List<YamlEntry>();
        var seen = new HashSet<string>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(parser, problems, depth + 1);
            var value = ReadNode(parser, problems, depth + 1);
            if (key is not YamlText { Value: var name })
                problems.Add(key.At, $"a key must be a word, found {key.Kind}");
            else if (!seen.Add(name))
                problems.Add(key.At, $"'{name}' appears twice");
            else
                entries.Add(new YamlEntry(key.At, name, value));
        }
        return new YamlMap(at, entries);
    }

    // The parser treats a NUL as the end of the file and would ignore the rest.
    private static Mark? ControlCharacter(string text)
    {
        var at = text.AsSpan().IndexOfAnyExcept(Plain);
        if (at < 0)
            return null;
        var before = text.AsSpan(0, at);
        return new Mark(before.Count('\n') + 1, at - before.LastIndexOf('\n'));
    }

    private static readonly SearchValues<char> Plain =
        SearchValues.Create([.. Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code).Where(letter => !char.IsControl(letter) || letter is '\t' or '\r' or '\n' or '\u0085')]);

    private static Mark? TabIndentation(string text)
    {
        var line = 1;
        foreach (var content in text.AsSpan().EnumerateLines())
        {
            var indentation = content[..(content.Length - content.TrimStart().Length)];
            if (indentation.Length < content.Length && indentation.IndexOf('\t') is >= 0 and var column)
                return new Mark(line, column + 1);
            line++;
        }
        return null;
    }

    private static Mark MarkOf(YamlDotNet.Core.Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private sealed class TooDeepException(Mark at) : Exception
    {
        public Mark At { get; } = at;
    }
}
