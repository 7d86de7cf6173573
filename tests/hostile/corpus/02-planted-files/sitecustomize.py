print("planted")
