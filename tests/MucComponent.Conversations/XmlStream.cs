using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace MucComponent.Conversations;

/// <summary>An XML stream (RFC 6120 §4) as test clients and the simulated server need it: a header, then one element after the other.</summary>
public sealed class XmlStream(Stream bytes) : IDisposable
{
    private static readonly XmlReaderSettings Settings = new() { Async = true, ConformanceLevel = ConformanceLevel.Document };

    private readonly SemaphoreSlim _writing = new(1, 1);
    private XmlReader? _reader;

    /// <summary>Waits for the other side's stream header and returns its attributes.</summary>
    public async Task<IReadOnlyDictionary<string, string>> OpenedAsync()
    {
        _reader?.Dispose();
        _reader = XmlReader.Create(bytes, Settings);
        while (await _reader.ReadAsync())
            if (_reader.NodeType == XmlNodeType.Element) return Attributes(_reader).ToDictionary(a => a.Name.LocalName, a => a.Value);
        throw new EndOfStreamException("the stream ended before its header");
    }

    /// <summary>The next element, as soon as its end is there; null when the other side closed the stream.</summary>
    public async Task<XElement?> ReadAsync()
    {
        var reader = _reader ?? throw new InvalidOperationException("the stream is not open yet");
        XElement? within = null;
        while (await reader.ReadAsync())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    var empty = reader.IsEmptyElement;
                    var element = new XElement(XName.Get(reader.LocalName, reader.NamespaceURI));
                    element.Add(Attributes(reader));
                    within?.Add(element);
                    within = empty ? within ?? element : element;
                    if (empty && within == element) return element;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    within?.Add(new XText(await reader.GetValueAsync()));
                    break;
                case XmlNodeType.EndElement:
                    if (within is null) return null;
                    if (within.Parent is null) return within;
                    within = within.Parent;
                    break;
            }
        }
        return null;
    }

    public async Task WriteAsync(string xml, CancellationToken stop)
    {
        await _writing.WaitAsync(stop);
        try
        {
            await bytes.WriteAsync(Encoding.UTF8.GetBytes(xml), stop);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose()
    {
        bytes.Dispose();
        _writing.Dispose();
    }

    private static List<XAttribute> Attributes(XmlReader reader)
    {
        var attributes = new List<XAttribute>();
        while (reader.MoveToNextAttribute())
            if (reader.NamespaceURI != "http://www.w3.org/2000/xmlns/")
                attributes.Add(new XAttribute(XName.Get(reader.LocalName, reader.NamespaceURI), reader.Value));
        reader.MoveToElement();
        return attributes;
    }
}
