"""No live list is compared by an engine for invented people."""

import pytest

from station_app.biometrics.face.embedders import INVENTED_ENGINE, SFACE_ENGINE
from station_app.domain.errors import KnownError
from station_app.snapshots import ListKind, refuse_invented_on_live


def test_a_live_list_of_invented_people_is_refused() -> None:
    with pytest.raises(KnownError) as caught:
        refuse_invented_on_live(ListKind.LIVE, (SFACE_ENGINE.name, INVENTED_ENGINE.name))
    assert caught.value.code == "vsnap_other_purpose"
    refuse_invented_on_live(ListKind.LIVE, (SFACE_ENGINE.name,))
    refuse_invented_on_live(ListKind.TRAINING, (INVENTED_ENGINE.name,))
