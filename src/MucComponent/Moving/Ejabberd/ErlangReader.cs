using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace MucComponent.Moving.Ejabberd;

/// <summary>An atom of Erlang's.</summary>
public sealed record Atom(string Name);

/// <summary>A tuple of Erlang's.</summary>
public sealed record ErlangTuple(ImmutableArray<object> Items);

/// <summary>
/// Reads one term as Erlang prints it (<c>io_lib:print</c>): atoms, numbers, texts, binaries, lists, tuples and maps. A binary
/// and a text become a <see cref="string"/>, a list an <see cref="ImmutableArray{T}"/>, a map a list of pairs.
/// </summary>
public sealed class ErlangReader
{
    private const int MaxDepth = 100;

    private static readonly UTF8Encoding Strict = new(false, true);

    // Bytes, not letters: Erlang prints the bytes of UTF-8 as they are where all of them are printable in Latin-1.
    private readonly byte[] _bytes;
    private int _at;

    private ErlangReader(byte[] bytes) => _bytes = bytes;

    /// <exception cref="FormatException">It is none; the message has the place.</exception>
    public static object Read(string text)
    {
        var reader = new ErlangReader(Encoding.UTF8.GetBytes(text));
        var term = reader.Term(0);
        if (reader.Skip() == '.') reader._at++;
        return reader.Skip() < 0 ? term : throw reader.Wrong("more than one term");
    }

    private object Term(int depth)
    {
        if (depth > MaxDepth) throw Wrong("nested too deeply");
        switch (Skip())
        {
            case '[':
                _at++;
                return Items(']', depth);
            case '{':
                _at++;
                return new ErlangTuple(Items('}', depth));
            case '#' when Second() == '{':
                _at += 2;
                return Map(depth);
            case '<' when Second() == '<':
                return Binary();
            case '"':
                return Decoded(Literal('"'));
            case '\'':
                return new Atom(Decoded(Literal('\'')));
            case '$':
                _at++;
                return Next() is var c and not '\\' ? (double)c : Escaped();
            case '-' or (>= '0' and <= '9'):
                return Number();
            case >= 'a' and <= 'z':
                return new Atom(Word());
            default:
                throw Wrong("no term");
        }
    }

    private ImmutableArray<object> Items(char end, int depth)
    {
        var items = ImmutableArray.CreateBuilder<object>();
        while (Skip() != end)
        {
            items.Add(Term(depth + 1));
            if (Skip() == ',') _at++;
            else if (Skip() == '|') throw Wrong("an improper list");
            else if (Skip() != end) throw Wrong("neither a comma nor an end");
        }
        _at++;
        return items.ToImmutable();
    }

    private ImmutableArray<object> Map(int depth)
    {
        var pairs = ImmutableArray.CreateBuilder<object>();
        while (Skip() != '}')
        {
            var key = Term(depth + 1);
            Expect("=>");
            pairs.Add(new ErlangTuple([key, Term(depth + 1)]));
            if (Skip() == ',') _at++;
            else if (Skip() != '}') throw Wrong("neither a comma nor an end");
        }
        _at++;
        return pairs.ToImmutable();
    }

    // <<>>, <<"text">>, <<"text"/utf8>>, <<1,2,3>>; a long text comes in several pieces.
    private string Binary()
    {
        Expect("<<");
        var bytes = new List<byte>();
        while (Skip() != '>')
        {
            if (Skip() == '"')
            {
                bytes.AddRange(Literal('"'));
                if (Skip() == '/') while (Skip() is not (',' or '>' or '"' or < 0)) _at++;
            }
            else
            {
                bytes.Add(Number() is >= 0 and <= 255 and var b ? (byte)b : throw Wrong("no byte"));
            }
            if (Skip() == ',') _at++;
        }
        Expect(">>");
        return Decoded([.. bytes]);
    }

    /// <summary>A text with its quotes, and those that follow it at once, which are one with it.</summary>
    private byte[] Literal(char quote)
    {
        var bytes = new List<byte>();
        do
        {
            _at++;
            for (var c = Next(); c != quote; c = Next())
            {
                if (c < 0) throw Wrong("the end inside a text");
                if (c == '\\') Add(bytes, (int)Escaped());
                else bytes.Add((byte)c);
            }
        }
        while (quote == '"' && Skip() == '"');
        return [.. bytes];
    }

    private static void Add(List<byte> bytes, int c)
    {
        if (c <= byte.MaxValue) bytes.Add((byte)c);
        else bytes.AddRange(Encoding.UTF8.GetBytes(char.ConvertFromUtf32(c)));
    }

    private double Escaped()
    {
        var c = Next();
        switch (c)
        {
            case 'n': return '\n';
            case 't': return '\t';
            case 'r': return '\r';
            case 'b': return 8;
            case 'd': return 127;
            case 'e': return 27;
            case 'f': return 12;
            case 's': return ' ';
            case 'v': return 11;
            case '^': return Next() & 31;
            case 'x' when Peek() == '{':
                _at++;
                var value = 0;
                for (c = Next(); c != '}' && value <= 0x10FFFF; c = Next())
                    value = char.IsAsciiHexDigit((char)Math.Max(c, 0)) ? (value * 16) + Convert.ToInt32($"{(char)c}", 16) : throw Wrong("an escape that there is not");
                return value is > 0x10FFFF or (>= 0xD800 and <= 0xDFFF) ? throw Wrong("an escape that there is not") : value;
            case >= '0' and <= '7':
                var octal = c - '0';
                for (var i = 0; i < 2 && Peek() is >= '0' and <= '7'; i++) octal = (octal * 8) + Next() - '0';
                return octal & 255;
            case < 0:
                throw Wrong("the end inside a text");
            default:
                return c;
        }
    }

    private double Number()
    {
        Skip();
        var start = _at;
        while (Peek() is '-' or '+' or '.' or 'e' or 'E' or (>= '0' and <= '9')) _at++;
        // The dot after a term is not the number's.
        if (_at > start && _bytes[_at - 1] == '.') _at--;
        return double.TryParse(Encoding.ASCII.GetString(_bytes, start, _at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong("no number");
    }

    private string Word()
    {
        var start = _at;
        while (Peek() is '_' or '@' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9')) _at++;
        return Encoding.ASCII.GetString(_bytes, start, _at - start);
    }

    // What is no UTF-8 is Latin-1, as in rooms of very old releases.
    private static string Decoded(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    private void Expect(string what)
    {
        Skip();
        foreach (var c in what)
            if (Next() != c) throw Wrong($"no \"{what}\"");
    }

    private int Skip()
    {
        while (Peek() is ' ' or '\n' or '\r' or '\t') _at++;
        return Peek();
    }

    private int Peek() => _at < _bytes.Length ? _bytes[_at] : -1;

    private int Second() => _at + 1 < _bytes.Length ? _bytes[_at + 1] : -1;

    private int Next() => _at < _bytes.Length ? _bytes[_at++] : -1;

    private FormatException Wrong(string what) => new($"{what} at byte {_at}");
}
