# case: beginner_prints
# style: long beginner code, prints, temporary variables, matrix as lists of lists, hand-written maximum

# %% build_model
def build_model(frames, mel_bins, n_words):
    # how big is one clip?
    input_shape = (frames, mel_bins)
    print("input shape is", input_shape)

    model = keras.Sequential()
    model.add(keras.Input(input_shape))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(128, activation="relu"))
    model.add(keras.layers.Dense(64, activation="relu"))
    model.add(keras.layers.Dense(n_words, activation="softmax"))

    print("number of weights:", model.count_params())
    return model

# %% compile_model
def compile_model(model):
    my_optimizer = "adam"
    my_loss = "sparse_categorical_crossentropy"
    my_metrics = ["accuracy"]
    model.compile(optimizer=my_optimizer, loss=my_loss, metrics=my_metrics)
    print("compiled")
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    print("I train with", len(x), "clips for", epochs, "epochs")
    history = model.fit(x, y, epochs=epochs)
    last_loss = history.history["loss"][-1]
    print("the last loss was", last_loss)
    return history

# %% most_confused
def most_confused(model, x, y):
    probabilities = model.predict(x)
    number_of_clips = len(probabilities)
    number_of_words = len(probabilities[0])

    # an empty table
    table = []
    for i in range(number_of_words):
        row = []
        for j in range(number_of_words):
            row.append(0)
        table.append(row)

    # count
    for i in range(number_of_clips):
        true_word = int(y[i])
        predicted_word = int(np.argmax(probabilities[i]))
        table[true_word][predicted_word] = table[true_word][predicted_word] + 1

    # look for the largest one that is not on the diagonal
    best_count = 0
    best_pair = None
    for i in range(number_of_words):
        for j in range(number_of_words):
            if i == j:
                continue
            if table[i][j] > best_count:
                best_count = table[i][j]
                best_pair = (i, j)
    print("best pair:", best_pair, "count:", best_count)
    return best_pair
