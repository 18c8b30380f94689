namespace Actors.Chains.Scripts.Compiling;

/// <summary>Reads the words and signs of C#, as far as needed to count brackets: it knows comments and all kinds of strings.</summary>
internal sealed class TokenReader(string text)
{
    private readonly Stack<Bracket> _open = new();
    private int _next;

    /// <summary>Where the current token begins.</summary>
    public int Place { get; private set; }

    /// <summary>The brackets that are open after the current token, with the holes of interpolated strings.</summary>
    public int Depth => _open.Count;

    /// <summary>Whether the current token ends a part of a statement.</summary>
    public bool Separates { get; private set; }

    /// <summary>Moves to the next token, and returns whether there is one.</summary>
    public bool Read()
    {
        SkipBlank();
        if (_next >= text.Length)
            return false;
        (Place, Separates) = (_next, false);
        var letter = text[_next];
        if (letter is '"' or '$' or '@' && StringStart() is { } start)
            ReadText(start);
        else if (letter == '\'')
            ReadCharacter();
        else if (char.IsLetterOrDigit(letter) || letter == '_')
            _next += Math.Max(1, text.AsSpan(_next).IndexOfAnyExcept(Words));
        else
            ReadSign(letter);
        return true;
    }

    private static readonly System.Buffers.SearchValues<char> Words =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    private char At(int place) => place < text.Length ? text[place] : '\0';

    private void SkipBlank()
    {
        while (_next < text.Length)
        {
            if (char.IsWhiteSpace(text[_next]))
                _next++;
            else if (text[_next] == '/' && At(_next + 1) == '/')
                SkipTo("\n");
            else if (text[_next] == '/' && At(_next + 1) == '*')
                SkipTo("*/");
            else
                return;
        }
    }

    private void SkipTo(string end)
    {
        var found = text.IndexOf(end, Math.Min(_next + 2, text.Length), StringComparison.Ordinal);
        _next = found < 0 ? text.Length : found + end.Length;
    }

    private void ReadSign(char letter)
    {
        _next++;
        if (letter is '(' or '[' or '{')
            _open.Push(new Bracket(null));
        else if (letter is ')' or ']' or '}' && _open.TryPop(out var bracket) && bracket.Around is { } around)
            ReadText(around);
        Separates = letter is ';' or ',' or '{' or '}';
    }

    private void ReadCharacter()
    {
        _next++;
        while (_next < text.Length && text[_next] is not ('\'' or '\n'))
            _next += text[_next] == '\\' ? 2 : 1;
        _next++;
    }

    private StringKind? StringStart()
    {
        var place = _next;
        var (dollars, verbatim) = (0, false);
        for (; At(place) is '$' or '@'; place++)
        {
            dollars += text[place] == '$' ? 1 : 0;
            verbatim |= text[place] == '@';
        }
        var quotes = 0;
        while (At(place + quotes) == '"')
            quotes++;
        if (quotes == 0)
            return null;
        var raw = quotes >= 3 && !verbatim;
        _next = place + (raw ? quotes : 1);
        return new StringKind(dollars, verbatim, raw ? quotes : 0);
    }

    // Reads up to the end of the string, or to the code inside of it.
    private void ReadText(StringKind kind)
    {
        var oneLine = kind is { Verbatim: false, Quotes: 0 };
        while (_next < text.Length)
        {
            switch (text[_next])
            {
                case '"':
                    if (Quotes(kind))
                        return;
                    break;
                case '{' when kind.Dollars > 0:
                    if (Hole(kind))
                        return;
                    break;
                case '\n' when oneLine:
                    return;
                case '\\' when oneLine:
                    _next += 2;
                    break;
                default:
                    _next++;
                    break;
            }
        }
    }

    // Moves behind quotes, and returns whether they end the string.
    private bool Quotes(StringKind kind)
    {
        var count = 0;
        while (At(_next + count) == '"')
            count++;
        if (kind.Quotes > 0)
        {
            _next += count;
            return count >= kind.Quotes;
        }
        var doubled = kind.Verbatim && count > 1;
        _next += doubled ? 2 : 1;
        return !doubled;
    }

    // Moves behind braces, and returns whether they begin code.
    private bool Hole(StringKind kind)
    {
        var count = 0;
        while (At(_next + count) == '{')
            count++;
        var begins = kind.Quotes > 0 ? count >= kind.Dollars : count % 2 == 1;
        _next += count;
        if (begins)
            _open.Push(new Bracket(kind));
        return begins;
    }

    /// <param name="Dollars">How many <c>$</c> it has.</param>
    /// <param name="Verbatim">Whether it has a <c>@</c>.</param>
    /// <param name="Quotes">The quotes that end it, if it is raw; otherwise 0.</param>
    private sealed record StringKind(int Dollars, bool Verbatim, int Quotes);

    /// <param name="Around">The string that continues after the bracket; <see langword="null"/> for a bracket of the code.</param>
    private readonly record struct Bracket(StringKind? Around);
}
