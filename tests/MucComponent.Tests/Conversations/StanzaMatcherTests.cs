using MucComponent.Conversations;
using NUnit.Framework;

namespace MucComponent.Tests.Conversations;

/// <summary>Each rule of <c>scansion/README.md</c> with something that passes and something that does not.</summary>
[TestFixture]
public sealed class StanzaMatcherTests
{
    [TestCase("<presence/>", "<presence/>")]
    [TestCase("<presence from='a@b'/>", "<presence from='a@b' to='c@d'/>", TestName = "to may be left out")]
    [TestCase("<iq id='1' type='result'/>", "<iq id='1' type='result' from='room@b'/>", TestName = "from may be left out")]
    [TestCase("<message/>", "<message xml:lang='en'/>", TestName = "xml:lang may be left out")]
    [TestCase("<presence/>", "<presence><x xmlns='u:x'/></presence>", TestName = "children may be left out")]
    [TestCase("<message><body>hi</body></message>", "<message><x xmlns='u:x'/><body>hi</body></message>", TestName = "children of the stanza have no order")]
    [TestCase("<message><subject/></message>", "<message><subject></subject></message>", TestName = "an empty element is an empty element")]
    [TestCase("<message><body>hi</body></message>", "<message><body xml:lang='en'>hi</body></message>", TestName = "xml:lang may be left out on a child")]
    [TestCase("<iq><error type='auth'><x xmlns='u:e'/></error></iq>", "<iq><error type='auth'><x xmlns='u:e'/><text xmlns='u:e'>No</text></error></iq>", TestName = "an error may have a text")]
    [TestCase("<iq><query xmlns='u:q'>\n\t<item/>\n</query></iq>", "<iq><query xmlns='u:q'><item/></query></iq>", TestName = "indentation is no text")]
    [TestCase("<iq><q xmlns='u:q' b='2' a='1'/></iq>", "<iq><q xmlns='u:q' a='1' b='2'/></iq>", TestName = "attributes have no order")]
    [TestCase("<iq><q xmlns='u:q' a='{scansion:any}'/></iq>", "<iq><q xmlns='u:q' a='1'/></iq>", TestName = "any value of an attribute")]
    [TestCase("<message><body>{scansion:any}</body></message>", "<message><body>hi</body></message>", TestName = "any text")]
    [TestCase("<iq><q xmlns='u:q' scansion:strict='false'><b/></q></iq>", "<iq><q xmlns='u:q'><a/><b/></q></iq>", TestName = "a payload that is not strict may have more children")]
    [TestCase("<iq><q xmlns='u:q' scansion:strict='false'><b/></q></iq>", "<iq><q xmlns='u:q' x='1'><b y='2'/></q></iq>", TestName = "a payload that is not strict may have more attributes")]
    [TestCase("<iq><q xmlns='u:q' scansion:strict='false'><a/><b/></q></iq>", "<iq><q xmlns='u:q'><b/><a/></q></iq>", TestName = "a payload that is not strict has no order")]
    [TestCase("<presence scansion:strict='false'/>", "<presence type='unavailable' id='7'/>", TestName = "a stanza that is not strict may have more attributes")]
    [TestCase("<presence><x xmlns='u:x'><b/></x></presence>", "<presence><x xmlns='u:x'><a/></x><x xmlns='u:x'><b/></x></presence>", TestName = "any of several children may be meant")]
    public void Matches(string expected, string received) => Assert.That(Difference(expected, received), Is.Null);

    [TestCase("<presence/>", "<message/>", "it is <message>, not <presence>")]
    [TestCase("<presence from='a@b/x'/>", "<presence from='a@b/y'/>", "from of <presence> is 'a@b/y', not 'a@b/x'")]
    [TestCase("<presence to='a@b'/>", "<presence to='c@d'/>", "to of <presence> is 'c@d', not 'a@b'", TestName = "to counts when it is given")]
    [TestCase("<iq id='1'/>", "<iq/>", "id of <iq> is missing")]
    [TestCase("<presence/>", "<presence type='unavailable'/>", "<presence> has type='unavailable', which the script leaves out")]
    [TestCase("<message/>", "<message id='7'/>", "<message> has id='7', which the script leaves out")]
    [TestCase("<message><subject/></message>", "<message><body/></message>", "<subject> is missing in <message>")]
    [TestCase("<message><subject/></message>", "<message><subject>war</subject></message>", "the text of <subject> is 'war', not ''")]
    [TestCase("<iq><error type='auth'/></iq>", "<iq><error type='auth' by='a@b'/></iq>", "<error> has by='a@b', which the script leaves out")]
    [TestCase("<iq><error type='auth' by='a@b'/></iq>", "<iq><error type='auth'/></iq>", "by of <error> is missing")]
    [TestCase("<iq><error><x xmlns='u:e'/></error></iq>", "<iq><error><y xmlns='u:e'/></error></iq>", "<x xmlns='u:e'> is missing in <error>")]
    [TestCase("<iq><q xmlns='u:q' a='1'/></iq>", "<iq><q xmlns='u:q' a='1' b='2'/></iq>", "<q xmlns='u:q'> has b='2', which the script leaves out")]
    [TestCase("<iq><q xmlns='u:q'/></iq>", "<iq><q xmlns='u:q'><item/></q></iq>", "<q xmlns='u:q'> has <item xmlns=\"u:q\" />, which the script leaves out", TestName = "an empty payload is an empty payload")]
    [TestCase("<iq><q xmlns='u:q'><a/><b/></q></iq>", "<iq><q xmlns='u:q'><b/><a/></q></iq>", "in <q xmlns='u:q'>, child 1 is <b>, not <a>", TestName = "a payload has an order")]
    [TestCase("<iq><q xmlns='u:q'><a/><b/></q></iq>", "<iq><q xmlns='u:q'><a/></q></iq>", "<b> is missing in <q xmlns='u:q'>")]
    [TestCase("<iq><q xmlns='u:q'><a>1</a></q></iq>", "<iq><q xmlns='u:q'><a>2</a></q></iq>", "the text of <a> is '2', not '1'")]
    [TestCase("<iq><q xmlns='u:q'/></iq>", "<iq><q xmlns='u:p'/></iq>", "<q xmlns='u:q'> is missing in <iq>", TestName = "a namespace counts")]
    [TestCase("<iq><q xmlns='u:q' a='{scansion:any}'/></iq>", "<iq><q xmlns='u:q'/></iq>", "a of <q xmlns='u:q'> is missing", TestName = "any value is a value")]
    [TestCase("<iq><q xmlns='u:q' scansion:strict='false'><b scansion:strict='true'/></q></iq>", "<iq><q xmlns='u:q'><b><c/></b></q></iq>", "<b> has <c xmlns=\"u:q\" />, which the script leaves out", TestName = "strictness may return further in")]
    [TestCase("<iq><q xmlns='u:q' scansion:strict='false' a='1'/></iq>", "<iq><q xmlns='u:q' a='2'/></iq>", "a of <q xmlns='u:q'> is '2', not '1'", TestName = "what is given counts even if not strict")]
    [TestCase("<presence scansion:strict='true'/>", "<presence><x xmlns='u:x'/></presence>", "<presence> has <x xmlns=\"u:x\" />, which the script leaves out", TestName = "a stanza may be strict")]
    public void Differs(string expected, string received, string difference) => Assert.That(Difference(expected, received), Is.EqualTo(difference));

    [Test]
    public void What_is_captured_is_known_afterwards()
    {
        var captures = new Dictionary<string, string>();

        StanzaMatcher.Difference(ScriptXml.Parse("<message id='{scansion:capture:id}'/>"), ScriptXml.Parse("<message id='m7'/>"), captures);

        Assert.That(captures["id"], Is.EqualTo("m7"));
    }

    [Test]
    public void Nothing_is_captured_from_a_stanza_that_differs()
    {
        var captures = new Dictionary<string, string>();

        StanzaMatcher.Difference(ScriptXml.Parse("<message id='{scansion:capture:id}'><body/></message>"), ScriptXml.Parse("<message id='m7'/>"), captures);

        Assert.That(captures, Is.Empty);
    }

    private static string? Difference(string expected, string received) =>
        StanzaMatcher.Difference(ScriptXml.Parse(expected), ScriptXml.Parse(received), new Dictionary<string, string>());
}
