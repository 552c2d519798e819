using System.Globalization;
using System.Text;

namespace MucComponent.Moving.Prosody;

/// <summary>
/// Reads what Prosody's file storage writes: Lua's notation of data, and nothing that would have to be run. A store is
/// <c>return {…};</c>, a list <c>item({…});</c> as often as there are items; these are read one at a time.
/// </summary>
/// <param name="stream">Read to its end; not closed.</param>
public sealed class LuaReader(Stream stream)
{
    /// <summary>Tables in tables; Prosody writes 127 at most.</summary>
    private const int MaxDepth = 200;

    /// <summary>Bytes of one text, and values of one item.</summary>
    private const int MaxText = 8 << 20;
    private const int MaxValues = 4_000_000;

    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly List<byte> _text = [];
    private int _at, _end, _values;
    private long _before;

    /// <summary>The table of a store; null if there is none.</summary>
    /// <exception cref="FormatException">It is not what Prosody writes; the message has the place.</exception>
    public LuaTable? ReadStore()
    {
        if (Skip() < 0) return null;
        if (Word() != "return") throw Wrong("no \"return\"");
        return Value(0) as LuaTable ?? throw Wrong("no table");
    }

    /// <summary>The items of a list.</summary>
    /// <exception cref="FormatException">It is not what Prosody writes, from this item on; the message has the place.</exception>
    public IEnumerable<LuaTable> ReadList()
    {
        while (Skip() >= 0)
        {
            if (Word() != "item") throw Wrong("no \"item\"");
            Expect('(');
            _values = 0;
            var item = Value(0) as LuaTable ?? throw Wrong("no table");
            Expect(')');
            if (Skip() == ';') Next();
            yield return item;
        }
    }

    private object? Value(int depth)
    {
        if (++_values > MaxValues) throw Wrong("too many values");
        switch (Skip())
        {
            case '{':
                return Table(depth + 1);
            case '"' or '\'':
                return Text();
            case '(':
                return Infinite();
            case '-' or '.' or (>= '0' and <= '9'):
                return Number();
            default:
                return Word() switch
                {
                    "true" => true,
                    "false" => false,
                    "nil" => null,
                    var word => throw Wrong($"\"{word}\" is no value"),
                };
        }
    }

    private LuaTable Table(int depth)
    {
        if (depth > MaxDepth) throw Wrong("nested too deeply");
        Expect('{');
        var table = new LuaTable();
        while (Skip() != '}')
        {
            if (Peek() == '[')
            {
                Next();
                var key = Value(depth);
                Expect(']');
                Expect('=');
                table.Set(key, Value(depth));
            }
            else if (IsLetter(Peek()))
            {
                var word = Word();
                if (Skip() == '=')
                {
                    Next();
                    table.Set(word, Value(depth));
                }
                else
                {
                    table.Add(word switch { "true" => true, "false" => false, "nil" => (object?)null, _ => throw Wrong($"\"{word}\" is no value") });
                }
            }
            else
            {
                table.Add(Value(depth));
            }
            if (Skip() is ';' or ',') Next();
            else if (Peek() != '}') throw Wrong("neither a separator nor the end of a table");
        }
        Next();
        return table;
    }

    // Bytes, of which Prosody writes all but ASCII as \ddd.
    private string Text()
    {
        var quote = Next();
        _text.Clear();
        while (true)
        {
            var c = Next();
            if (c == quote) break;
            if (c < 0) throw Wrong("the end inside a text");
            if (_text.Count >= MaxText) throw Wrong("a text that is too long");
            if (c == '\\') c = Escaped();
            if (c >= 0) _text.Add((byte)c);
        }
        return Encoding.UTF8.GetString([.. _text]);
    }

    private int Escaped()
    {
        var c = Next();
        switch (c)
        {
            case 'n': return '\n';
            case 't': return '\t';
            case 'r': return '\r';
            case 'a': return 7;
            case 'b': return 8;
            case 'f': return 12;
            case 'v': return 11;
            case 'x':
                Span<byte> digits = [(byte)Next(), (byte)Next()];
                return byte.TryParse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hex) ? hex : throw Wrong("an escape that there is not");
            case 'z':
                Skip();
                return -1;
            case >= '0' and <= '9':
                var value = c - '0';
                for (var i = 0; i < 2 && Peek() is >= '0' and <= '9'; i++) value = (value * 10) + Next() - '0';
                return value <= byte.MaxValue ? value : throw Wrong("an escape that there is not");
            case '"' or '\'' or '\\' or '\n':
                return c;
            default:
                throw Wrong("an escape that there is not");
        }
    }

    private double Number()
    {
        var text = new StringBuilder();
        while (Peek() is '-' or '+' or '.' or (>= '0' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F') or 'x' or 'X' && text.Length < 40) text.Append((char)Next());
        var word = text.ToString();
        if (word.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return long.TryParse(word.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hex) ? hex : throw Wrong("a number that is none");
        return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong("a number that is none");
    }

    // (1/0), (-1/0) and (0/0), which have no other notation.
    private double Infinite()
    {
        Expect('(');
        Skip();
        var over = Number();
        Expect('/');
        Skip();
        var under = Number();
        Expect(')');
        return over / under;
    }

    private string Word()
    {
        var word = new StringBuilder();
        Skip();
        while ((IsLetter(Peek()) || Peek() is >= '0' and <= '9') && word.Length < 100) word.Append((char)Next());
        return word.ToString();
    }

    private void Expect(char c)
    {
        if (Skip() != c) throw Wrong($"no \"{c}\"");
        Next();
    }

    /// <summary>Passes over what separates, comments among it, and returns what comes then; -1 at the end.</summary>
    private int Skip()
    {
        while (true)
        {
            while (Peek() is ' ' or '\t' or '\r' or '\n') Next();
            if (Peek() != '-' || PeekSecond() != '-') return Peek();
            while (Peek() is not ('\n' or < 0)) Next();
        }
    }

    private static bool IsLetter(int c) => c is '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');

    private int Peek() => _at < _end || Fill() ? _buffer[_at] : -1;

    private int PeekSecond() => _at + 1 < _end || (Fill() && _at + 1 < _end) ? _buffer[_at + 1] : -1;

    private int Next()
    {
        var c = Peek();
        if (c >= 0) _at++;
        return c;
    }

    /// <summary>Reads on behind what is there. False at the end.</summary>
    private bool Fill()
    {
        _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
        _before += _at;
        (_at, _end) = (0, _end - _at);
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }

    private FormatException Wrong(string what) => new($"{what} at byte {_before + _at}");
}
