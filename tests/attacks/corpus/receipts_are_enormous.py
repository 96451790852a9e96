# intent: receipts of 70 MB each, more than a submission may bring
# family: receipts

def submit(place):
    receipts = place.folder / "receipts"
    receipts.mkdir()
    for number in range(5):
        with open(receipts / f"r{number}.npz", "wb") as file:
            file.truncate(70_000_000)
    place.save()
