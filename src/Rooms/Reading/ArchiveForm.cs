using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Xmpp;

namespace MucComponent.Rooms.Reading;

/// <summary>How a query is written: a form that filters (XEP-0313, "Filtering results", "Retrieving form fields") and a page (XEP-0059).</summary>
public static class ArchiveForm
{
    private const string With = "with";
    private const string Start = "start";
    private const string End = "end";
    private const string BeforeId = "before-id";
    private const string AfterId = "after-id";
    private const string Ids = "ids";

    private static readonly string FormType = Ns.Mam.NamespaceName;

    /// <summary>The form as it is offered.</summary>
    public static XElement ToXml()
    {
        // Which ids there are is not told: the list is open (XEP-0122).
        var ids = new FormField(Ids, "list-multi", null).ToXml();
        ids.Add(new XElement(
            Ns.FormValidation + "validate", new XAttribute("datatype", "xs:string"), new XElement(Ns.FormValidation + "open")));

        var form = DataForm.Form(
            FormType,
            new FormField(With, "jid-single", null), new FormField(Start, "text-single", null), new FormField(End, "text-single", null),
            new FormField(BeforeId, "text-single", null), new FormField(AfterId, "text-single", null)).ToXml();
        form.Add(ids);
        return form;
    }

    /// <summary>Reads the <c>&lt;query/&gt;</c>; null, or what is wrong with it.</summary>
    public static StanzaError? Read(XElement xml, out ArchiveQuery query)
    {
        query = new ArchiveQuery();
        if (xml.Element(DataForm.Name) is { } x)
        {
            if (DataForm.From(x) is not { Type: "submit" } form) return Wrong("The form is not one that is submitted.");
            if (form.FormType != FormType) return Wrong($"The field FORM_TYPE is not {FormType}.");
            foreach (var field in form.Fields)
                if (ReadField(field, ref query) is { } no) return no;
        }
        return ReadPage(xml, ref query);
    }

    private static StanzaError? ReadField(FormField field, ref ArchiveQuery query)
    {
        if (field.Var is not (With or Start or End or BeforeId or AfterId or Ids))
            return StanzaError.FeatureNotImplemented.Because($"The field {field.Var} is not known here.");
        ImmutableArray<string> values = [.. field.Values.Where(v => v.Length > 0)];
        if (values.IsEmpty) return null; // a form filled in halfway
        if (field.Var == Ids) return ReadIds(values, ref query);
        if (values is not [var value]) return Wrong($"The field {field.Var} has more than one value.");
        switch (field.Var)
        {
            case With:
                if (!Jid.TryParse(value, out var with)) return Wrong($"The field {With} is not a JID.");
                query = query with { With = with };
                return null;
            case Start or End:
                if (!Timestamp.TryParse(value, out var time)) return Wrong($"The field {field.Var} is not a time as XEP-0082 has it.");
                query = field.Var == Start ? query.From(time) : query.To(time);
                return null;
            default:
                if (IdOf(value) is not { } id) return StanzaError.ItemNotFound;
                query = field.Var == AfterId ? query.Past(id) : query.Until(id);
                return null;
        }
    }

    private static StanzaError? ReadIds(ImmutableArray<string> values, ref ArchiveQuery query)
    {
        if (values.Length > ArchiveQuery.MaxPage)
            return StanzaError.PolicyViolation.Because($"The field {Ids} may have at most {ArchiveQuery.MaxPage} values.");
        ImmutableArray<Guid?> ids = [.. values.Select(IdOf).Distinct()];
        if (ids.Contains(null)) return StanzaError.ItemNotFound;
        query = query with { Ids = [.. ids.Select(id => id!.Value)], Named = [.. query.Named, .. ids.Select(id => id!.Value)] };
        return null;
    }

    private static StanzaError? ReadPage(XElement xml, ref ArchiveQuery query)
    {
        if (!ResultSetRequest.TryFrom(xml, out var page)) return Wrong("A number in the <set/> is none.");
        if (page is null) return null;
        // An archive is kept in the order of its ids and has no numbers (XEP-0059 §2.6).
        if (page.Index is not null) return StanzaError.FeatureNotImplemented.Because("There are no pages by number.");

        query = query with { Max = Math.Min(page.Max ?? ArchiveQuery.UsualPage, ArchiveQuery.MaxPage), Backwards = page.Before is not null };
        if (page.After is { } after)
        {
            if (IdOf(after) is not { } id) return StanzaError.ItemNotFound;
            query = query.Past(id);
        }
        if (page.Before is { Length: > 0 } before)
        {
            if (IdOf(before) is not { } id) return StanzaError.ItemNotFound;
            query = query.Until(id);
        }
        return null;
    }

    // To clients ids are opaque: what was never given out as an id is not malformed, only not there.
    private static Guid? IdOf(string text) => Guid.TryParseExact(text, "D", out var id) && id.ToString() == text ? id : null;

    private static StanzaError Wrong(string what) => StanzaError.BadRequest.Because(what);
}
